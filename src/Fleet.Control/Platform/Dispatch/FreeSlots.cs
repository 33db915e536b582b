using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// How many slots of each kind agents and their upstreams have left; fewer than none where they offer fewer than before.
/// Used under the lock of <see cref="SlotLedger"/>.
/// </summary>
internal sealed class FreeSlots
{
    private readonly Dictionary<Slot, int> _free = [];

    public void Clear() => _free.Clear();

    /// <summary>All that the agent offers is free.</summary>
    public void Open(ReadyAgent agent)
    {
        foreach (var (capability, slots) in agent.Slots)
            _free[new Slot(agent.Name, capability)] = slots;
        foreach (var upstream in agent.Upstreams ?? [])
        {
            foreach (var capability in (ReadOnlySpan<string>)[ReadyUpstream.Generation, ReadyUpstream.Embedding])
                _free[new Slot(agent.Name, capability, upstream.Name)] = upstream.SlotsFor(capability);
        }
    }

    /// <param name="change">1 when the slot becomes free, -1 when it is taken.</param>
    public void Count(HeldSlot held, int change)
    {
        var slot = new Slot(held.Agent, held.Capability, held.Upstream);
        _free[slot] = _free.GetValueOrDefault(slot) + change;
    }

    /// <summary>The agent with the most room, the first of several; null where none has any.</summary>
    public ReadyAgent? Most(IEnumerable<ReadyAgent> agents, DemandClass demand)
    {
        var (best, most) = ((ReadyAgent?)null, 0);
        foreach (var agent in agents)
        {
            if (Of(agent, demand) is var free && free > most)
                (best, most) = (agent, free);
        }

        return best;
    }

    public int Of(ReadyAgent agent, DemandClass demand) => demand.Model is null
        ? _free.GetValueOrDefault(new Slot(agent.Name, demand.Capability))
        : (agent.Upstreams ?? []).Where(upstream => upstream.Serves(demand))
            .Sum(upstream => Math.Max(0, Of(agent, upstream, demand)));

    public int Of(ReadyAgent agent, ReadyUpstream upstream, DemandClass demand) =>
        _free.GetValueOrDefault(new Slot(agent.Name, demand.Capability, upstream.Name));

    /// <summary>One place to run, of one capability, on one agent; with model calls, on one of its upstreams.</summary>
    private sealed record Slot(string Agent, string Capability, string? Upstream = null);
}
