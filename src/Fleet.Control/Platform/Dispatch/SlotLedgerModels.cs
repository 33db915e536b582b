using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Model calls: their slots are those of upstreams, which models have in turn.</summary>
internal sealed partial class SlotLedger
{
    /// <summary>Model calls that this round could start: which model's turn it is depends on all of them.</summary>
    public void Compete(IEnumerable<(DemandClass Demand, WaitingWork Work)> candidates)
    {
        lock (_gate)
            residency.Compete(candidates);
    }

    /// <summary>A model call that was to compete cannot start in this round.</summary>
    public void Withdraw(Guid work)
    {
        lock (_gate)
            residency.Withdraw(work);
    }

    private ReadyAgent? TakeUpstream(DemandClass demand, Guid id, WorkKeys keys, string? not, bool onlyWarm)
    {
        var others = _agents.Where(agent => agent.Name != not);
        if (ModelPlaces.Best(others, demand, _accounts.Free.Of, residency, onlyWarm) is not var (agent, upstream))
            return null;
        residency.Withdraw(id);
        if (demand.Capability == ReadyUpstream.Generation)
            residency.Take(new ModelPlace(agent.Name, upstream.Name), demand.Model!);
        Give(new HeldSlot(id, agent.Name, demand.Capability, keys, upstream.Name, demand.Model));
        return agent with { Upstream = upstream.Name };
    }
}
