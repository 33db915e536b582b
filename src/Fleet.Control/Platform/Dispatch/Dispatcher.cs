using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Gives waiting work to free slots, in rounds: look, match, commit. A round starts when something changed; what
/// changes during a round is seen by the next one. One Control process dispatches.
/// </summary>
internal sealed class Dispatcher(
    WorkQueue queue,
    WorkKinds kinds,
    IAgentDirectory agents,
    SlotLedger slots,
    SaturatedKeys saturated,
    GroupCommit commits,
    FreezeStore freezes,
    Leadership leadership,
    WorkSignal signal,
    DispatchSettings settings,
    DatabaseClock clock,
    DispatchLog log) : BackgroundService
{
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(1);

    private ReservedKeys _reserved = new(
        Array.Empty<(Guid, AloneWork)>().ToLookup(one => one.Item1, one => one.Item2), (_, _) => false);

    private IReadOnlyList<ReadyAgent> _ready = [];

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
        var situation = await queue.Look(stop);
        await freezes.Refresh(stop);
        if (!slots.KnowsStarts)
            slots.Load(await queue.Starts(stop));
        _ready = await agents.Ready(stop);
        slots.Refresh(since, _ready, situation.Held);
        _reserved = new ReservedKeys(situation.Alone, Reserves);
        saturated.Add(_reserved.Keys);
        if (situation.Demands.Count > 0)
            await Assign(situation.Demands, stop);
        saturated.Turn();
    }

    /// <summary>All kinds take part in one order: by share, and by rank within it.</summary>
    private async Task Assign(IReadOnlyList<DemandClass> demands, CancellationToken stop)
    {
        var waiting = new List<(DemandClass Demand, WaitingWork Work)>();
        foreach (var demand in demands.Where(demand => !freezes.Hold(demand)))
        {
            slots.Waits(demand); // until a round finds nothing of it
            var room = slots.RoomFor(demand);
            if (room == 0)
                continue;
            var front = await queue.Next(demand.Key, room, MayStart, stop);
            if (front is { Work.Count: 0, IsWhole: true })
                slots.WaitsForKeys(demand);
            waiting.AddRange(front.Work.Select(work => (demand, work)));
        }

        slots.Compete(waiting.Where(item => item.Demand.Model is not null));
        var assignments = new List<Task>();
        foreach (var (demand, work) in FairOrder.Of(waiting, slots))
        {
            if (!MayStart(work))
                slots.Withdraw(work.Id);
            else if (slots.Take(demand, work.Id, work.Keys) is { } agent)
                assignments.Add(Give(demand.Kind, work, agent));
        }

        slots.Compete([]);

        await Task.WhenAll(assignments);
        if (assignments.Count > 0)
            signal.Set(); // to see whether anything is left
    }

    private bool Reserves(Guid key, AloneWork work) => !freezes.Hold(work.Demand)
        && (slots.HasRoomBehind(key, work.Demand) || (work.IsOverdue(settings, clock.Now) && _ready.Any(agent =>
            work.Demand.Accepts(agent) && agent.Slots.GetValueOrDefault(work.Demand.Capability) > 0)));

    private bool MayStart(WaitingWork work)
    {
        if (slots.HasRoom(work.Keys) && _reserved.Admit(work))
            return true;
        saturated.Add(work.Keys);
        return false;
    }

    private async Task Give(string kind, WaitingWork work, ReadyAgent agent)
    {
        try
        {
            await commits.Run([kinds.RowOf(kind, work.Id)], async unit =>
            {
                if (!work.Keys.AreLimited || await leadership.Hold(unit))
                    await unit.Raise(agent.Assignment(work.Id, kind));
            });
        }
        finally
        {
            slots.Settled(work.Id);
        }
    }
}
