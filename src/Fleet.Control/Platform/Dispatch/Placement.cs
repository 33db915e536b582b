using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Gives work that became ready in a unit to a free slot in the same unit, when nothing else waits for the slot: no
/// second transaction, and no query. What finds no place waits for the dispatcher's next round.
/// </summary>
internal sealed class Placement(SlotLedger slots, CrowdedKeys crowded, Leadership leadership, WorkSignal signal) : ICommitListener
{
    public async Task Place(Unit unit)
    {
        foreach (var work in unit.Ready)
        {
            if (leadership.IsMine && await TryPlace(unit, work))
                continue;
            unit.WorkChanged = true;
        }
    }

    /// <summary>The unit is not committed: what it took is free again with the next round.</summary>
    public void Failed(Unit unit) => Settle(unit);

    public void Committed(Unit unit)
    {
        Settle(unit);
        var isWaitedFor = false;
        foreach (var (id, slot) in unit.Slots)
            isWaitedFor |= slots.Committed(id, slot);
        if (unit.WorkChanged || isWaitedFor)
            signal.Set();
    }

    private void Settle(Unit unit)
    {
        foreach (var work in unit.Ready)
            slots.Settled(work.Id);
    }

    /// <summary>Which model an upstream loads next is the dispatcher's to decide, since it sees all that waits.</summary>
    private async Task<bool> TryPlace(Unit unit, ReadyWork work)
    {
        if (work.Keys.AreLimited && !await MayStart(unit, work.Keys))
            return false;
        var lane = LaneKey.Read(work.Lane);
        if (slots.WouldOvertake(lane))
            return false;
        if (slots.Take(lane, work.Id, work.Keys, work.Former, onlyWarm: true) is not { } agent)
        {
            slots.Waits(lane);
            return false;
        }

        await unit.Raise(work.Assignment(agent));
        return true;
    }

    /// <summary>Whose turn it is in a sequence is the dispatcher's to find out.</summary>
    private async Task<bool> MayStart(Unit unit, WorkKeys keys)
    {
        if (keys.Sequence is not null || crowded.Contains(keys))
            return false;
        if (slots.HasRoom(keys))
            return await leadership.Hold(unit);
        crowded.Add(keys);
        return false;
    }
}
