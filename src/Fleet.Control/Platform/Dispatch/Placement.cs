using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Gives work that became ready in a unit to a free slot in the same unit, when nothing else waits for the slot: no
/// second transaction, and no query. What finds no place waits for the dispatcher's next round.
/// </summary>
internal sealed class Placement(
    SlotLedger slots,
    SaturatedKeys saturated,
    FreezeStore freezes,
    Leadership leadership,
    WorkSignal signal) : ICommitListener
{
    private readonly ArrivingSequences _sequences = new();

    public async Task Place(UnitOfWork unit)
    {
        _sequences.Enter(unit.Ready);
        foreach (var work in unit.Ready)
        {
            if (leadership.IsMine && await TryPlace(unit, work))
                continue;
            unit.WorkChanged = true;
        }
    }

    /// <summary>The unit is not committed: what it took is free again with the next round.</summary>
    public void Failed(UnitOfWork unit) => Settle(unit);

    public void Committed(UnitOfWork unit)
    {
        var isWaitedFor = false;
        foreach (var (id, slot) in unit.Slots)
            isWaitedFor |= slots.Committed(id, slot);
        Settle(unit);
        if (unit.WorkChanged || isWaitedFor)
            signal.Set();
    }

    private void Settle(UnitOfWork unit)
    {
        foreach (var work in unit.Ready)
        {
            _sequences.Leave(work);
            slots.Settled(work.Id);
        }
    }

    /// <summary>Which model an upstream loads next is the dispatcher's to decide, since it sees all that waits.</summary>
    private async Task<bool> TryPlace(UnitOfWork unit, ReadyWork work)
    {
        var demand = DemandKey.Read(work.Demand);
        if (freezes.Hold(demand) || (work.Keys.AreLimited && !await MayStart(unit, work)))
            return false;
        if (slots.WouldOvertake(demand))
            return false;
        if (slots.Take(demand, work.Id, work.Keys, work.Former, onlyWarm: true) is not { } agent)
        {
            slots.Waits(demand);
            return false;
        }

        await unit.Raise(agent.Assignment(work.Id, work.Kind));
        return true;
    }

    private async Task<bool> MayStart(UnitOfWork unit, ReadyWork work)
    {
        if (saturated.Contains(work.Keys))
            return false;
        if (slots.HasRoom(work.Keys))
            return await IsNextOfSequence(unit, work) && await leadership.Hold(unit);
        saturated.Add(work.Keys);
        return false;
    }

    private async Task<bool> IsNextOfSequence(UnitOfWork unit, ReadyWork work) =>
        work.Keys.Sequence is not { } sequence
        || (_sequences.IsAlone(sequence) && await QueueQueries.IsFirst(unit, sequence, work.CreatedAt, work.Id));
}
