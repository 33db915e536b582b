using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Who holds which slot, and what follows from it: what is free, what keys hold, which models are loaded.</summary>
internal sealed class SlotAccounts(ModelResidency residency)
{
    private readonly Dictionary<Guid, HeldSlot> _held = [];

    public FreeSlots Free { get; } = new();

    public KeyLedger Keys { get; } = new();

    /// <summary>Begins anew.</summary>
    public void Open(IEnumerable<ReadyAgent> agents, IEnumerable<HeldSlot> held)
    {
        _held.Clear();
        Free.Clear();
        Keys.Clear();
        foreach (var agent in agents)
            Free.Open(agent);
        foreach (var slot in held)
            Hold(slot.Id, slot);
    }

    public HeldSlot? Of(Guid id) => _held.GetValueOrDefault(id);

    /// <summary>How many slots of the capability the agent has given to work of the concurrency key.</summary>
    public int HeldBy(Guid key, string agent, string capability) =>
        _held.Values.Count(slot => slot.Keys.Concurrency == key && slot.Agent == agent && slot.Capability == capability);

    /// <summary>The work holds this slot and no other, or none.</summary>
    public void Apply(Guid id, HeldSlot? slot)
    {
        if (_held.Remove(id, out var before))
            Count(before, -1);
        if (slot is not null)
            Hold(id, slot);
    }

    private void Hold(Guid id, HeldSlot slot)
    {
        _held[id] = slot;
        Count(slot, 1);
        if (slot is { Upstream: { } upstream, Model: { } model, Capability: ReadyUpstream.Generation })
            residency.Found(new ModelPlace(slot.Agent, upstream), model);
    }

    private void Count(HeldSlot held, int change)
    {
        Free.Count(held, -change);
        Keys.Count(held, change);
    }
}
