using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Gives waiting work to free slots, in rounds: look, match, commit. A round starts when something changed; what
/// changes during a round is seen by the next one. One Control process dispatches.
/// </summary>
internal sealed class Dispatcher(
    IEnumerable<IWorkSource> sources,
    IAgentDirectory agents,
    SlotLedger slots,
    CrowdedKeys crowded,
    GroupCommit commits,
    Leadership leadership,
    WorkSignal signal,
    DispatchLog log) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signal.Wait(LookAnyway, stoppingToken);
                if (leadership.IsMine)
                    await Round(stoppingToken);
                else
                    slots.Clear();
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                log.RoundFailed(failure.Message);
                await Task.Delay(LookAnyway, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Round(CancellationToken stop)
    {
        var since = slots.Now;
        var situations = new List<(IWorkSource Source, WorkSituation Situation)>();
        foreach (var source in sources)
            situations.Add((source, await source.Look(stop)));
        slots.Refresh(since, await agents.Ready(stop), situations.SelectMany(seen => seen.Situation.Held));
        foreach (var (source, situation) in situations.Where(seen => seen.Situation.Lanes.Count > 0))
            await Assign(source, situation.Lanes, stop);
        crowded.Turn();
    }

    private async Task Assign(IWorkSource source, IReadOnlyList<WorkLane> lanes, CancellationToken stop)
    {
        var waiting = new List<(WorkLane Lane, WaitingWork Work)>();
        foreach (var lane in lanes)
        {
            slots.Waits(lane); // until a round finds the lane empty
            var room = slots.RoomFor(lane);
            if (room == 0)
                continue;
            var front = await source.Next(lane.Key, room, MayStart, stop);
            if (front is { Work.Count: 0, IsWhole: true })
                slots.WaitsForKeys(lane);
            waiting.AddRange(front.Work.Select(work => (lane, work)));
        }

        slots.Compete(waiting.Where(item => item.Lane.Model is not null));
        var assignments = new List<Task>();
        foreach (var (lane, work) in FairOrder.Of(waiting, slots))
        {
            if (!MayStart(work.Keys))
                slots.Withdraw(work.Id);
            else if (slots.Take(lane, work.Id, work.Keys) is { } agent)
                assignments.Add(Give(source, work, agent));
        }

        slots.Compete([]);

        await Task.WhenAll(assignments);
        if (assignments.Count > 0)
            signal.Set(); // to see whether the lanes are empty now
    }

    private bool MayStart(WorkKeys keys)
    {
        if (slots.HasRoom(keys))
            return true;
        crowded.Add(keys);
        return false;
    }

    private async Task Give(IWorkSource source, WaitingWork work, ReadyAgent agent)
    {
        var assignment = source.Assignment(work.Id, agent);
        try
        {
            await commits.Run([source.Touch(work.Id)], async unit =>
            {
                if (!work.Keys.AreLimited || await leadership.Hold(unit))
                    await unit.Raise(assignment);
            });
        }
        finally
        {
            slots.Settled(work.Id);
        }
    }
}
