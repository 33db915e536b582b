namespace Fleet.Control.Platform.Dispatch;

/// <summary>Whose turn it is: the share with the fewest slots of the capability, and within it the first by rank.</summary>
internal static class FairOrder
{
    /// <summary>Whoever walks through it takes slots on the way, and that decides who follows.</summary>
    public static IEnumerable<(DemandClass Demand, WaitingWork Work)> Of(
        IEnumerable<(DemandClass Demand, WaitingWork Work)> waiting, SlotLedger slots)
    {
        var lines = new PriorityQueue<Queue<(DemandClass Demand, WaitingWork Work)>, (int Held, long Rank)>();
        foreach (var share in waiting.GroupBy(item => (item.Demand.Capability, item.Work.Keys.Share)))
            Enqueue(new(share.OrderBy(item => item.Work.Rank)));
        while (lines.TryDequeue(out var line, out _))
        {
            yield return line.Dequeue();
            if (line.Count > 0)
                Enqueue(line);
        }

        void Enqueue(Queue<(DemandClass Demand, WaitingWork Work)> line)
        {
            var (demand, work) = line.Peek();
            lines.Enqueue(line, (slots.HeldBy(demand.Capability, work.Keys.Share), work.Rank));
        }
    }
}
