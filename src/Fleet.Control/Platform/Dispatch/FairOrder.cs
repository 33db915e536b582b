namespace Fleet.Control.Platform.Dispatch;

/// <summary>Whose turn it is: the share with the fewest slots of the capability, and within it the first by rank.</summary>
internal static class FairOrder
{
    /// <summary>Whoever walks through it takes slots on the way, and that decides who follows.</summary>
    public static IEnumerable<(WorkLane Lane, WaitingWork Work)> Of(
        IEnumerable<(WorkLane Lane, WaitingWork Work)> waiting, SlotLedger slots)
    {
        var lines = new PriorityQueue<Queue<(WorkLane Lane, WaitingWork Work)>, (int Held, long Rank)>();
        foreach (var share in waiting.GroupBy(item => (item.Lane.Capability, item.Work.Keys.Share)))
            Enqueue(new(share.OrderBy(item => item.Work.Rank)));
        while (lines.TryDequeue(out var line, out _))
        {
            yield return line.Dequeue();
            if (line.Count > 0)
                Enqueue(line);
        }

        void Enqueue(Queue<(WorkLane Lane, WaitingWork Work)> line)
        {
            var (lane, work) = line.Peek();
            lines.Enqueue(line, (slots.HeldBy(lane.Capability, work.Keys.Share), work.Rank));
        }
    }
}
