using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Who holds which slot, as the dispatching process knows it: refreshed from the database every round, kept up to date
/// by the commits in between. A cache: losing it costs one round.
/// </summary>
internal sealed partial class SlotLedger(ModelResidency residency, RateLedger rates)
{
    private const int MostInOneRound = 1000;

    private readonly Lock _gate = new();
    private readonly SlotAccounts _accounts = new(residency);
    private readonly Dictionary<Guid, HeldSlot> _taken = [];
    private readonly SlotChanges _changes = new();
    private readonly WaitingDemands _waiting = new();
    private readonly Dictionary<string, long> _forgotten = [];
    private IReadOnlyList<ReadyAgent> _agents = [];

    /// <summary>Whether something waits that had no slot when it was last looked at.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_gate)
                return _waiting.Any();
        }
    }

    /// <summary>A point in time; what is committed after it survives a refresh that began at it.</summary>
    public long Now
    {
        get
        {
            lock (_gate)
                return _changes.Now;
        }
    }

    /// <param name="since">The point in time before the database was asked.</param>
    public void Refresh(long since, IReadOnlyList<ReadyAgent> agents, IEnumerable<HeldSlot> held)
    {
        lock (_gate)
        {
            _agents = [.. agents.Where(agent => !(_forgotten.TryGetValue(agent.Name, out var when) && when > since))];
            _forgotten.Clear();
            _waiting.Clear();
            _accounts.Open(_agents, held);
            foreach (var (id, slot) in _changes.After(since))
                _accounts.Apply(id, slot);
            foreach (var (id, slot) in _taken)
                _accounts.Apply(id, slot);
        }
    }

    /// <summary>Whether the starts that count towards rates are known.</summary>
    public bool KnowsStarts
    {
        get
        {
            lock (_gate)
                return rates.IsLoaded;
        }
    }

    public void Load(IEnumerable<WorkStart> starts)
    {
        lock (_gate)
            rates.Load(starts);
    }

    /// <summary>Forgets everything: this process does not dispatch.</summary>
    public void Clear()
    {
        Refresh(long.MaxValue, [], []);
        lock (_gate)
        {
            residency.Clear();
            rates.Clear();
        }
    }

    /// <summary>The agent takes nothing new from now on, until a refresh that began later says otherwise.</summary>
    public void Forget(string agent)
    {
        lock (_gate)
        {
            _agents = [.. _agents.Where(known => known.Name != agent)];
            _forgotten[agent] = _changes.Next();
        }
    }

    public int RoomFor(DemandClass demand)
    {
        lock (_gate)
            return Math.Min(MostInOneRound, _agents.Where(demand.Accepts).Sum(agent => Math.Max(0, _accounts.Free.Of(agent, demand))));
    }

    /// <summary>Whether an agent has a slot for it, or has one once all that holds the concurrency key has ended.</summary>
    public bool HasRoomBehind(Guid key, DemandClass demand)
    {
        lock (_gate)
        {
            return _agents.Where(demand.Accepts).Any(
                agent => _accounts.Free.Of(agent, demand) + _accounts.HeldBy(key, agent.Name, demand.Capability) > 0);
        }
    }

    /// <summary>Says that a demand has work for which there was no slot.</summary>
    public void Waits(DemandClass demand)
    {
        lock (_gate)
            _waiting.Add(demand);
    }

    /// <summary>All of the demand was seen, and nothing of it can use a slot now.</summary>
    public void WaitsForKeys(DemandClass demand)
    {
        lock (_gate)
            _waiting.Remove(demand);
    }

    /// <summary>Whether work of this demand would overtake other work that waits for the same slots.</summary>
    public bool WouldOvertake(DemandClass demand)
    {
        lock (_gate)
            return _waiting.WouldBeOvertakenBy(demand, _agents);
    }

    /// <summary>
    /// A slot on the agent that has the most room, or null when there is none left, or a key has no room. It stays
    /// taken, though no database knows of it, until it is settled.
    /// </summary>
    /// <param name="not">An agent that does not come into question.</param>
    /// <param name="onlyWarm">With a model call: no upstream that would have to load the model.</param>
    public ReadyAgent? Take(DemandClass demand, Guid id, WorkKeys keys = default, string? not = null, bool onlyWarm = false)
    {
        lock (_gate)
        {
            if (!HaveRoom(keys))
                return null;
            if (demand.Model is not null)
                return TakeUpstream(demand, id, keys, not, onlyWarm);
            var best = _accounts.Free.Most(_agents.Where(agent => agent.Name != not && demand.Accepts(agent)), demand);
            if (best is not null)
                Give(new HeldSlot(id, best.Name, demand.Capability, keys));
            return best;
        }
    }

    /// <summary>Whether the keys of a piece of work let it start now.</summary>
    public bool HasRoom(WorkKeys keys)
    {
        lock (_gate)
            return HaveRoom(keys);
    }

    /// <summary>How many slots of the capability the share has.</summary>
    public int HeldBy(string capability, Guid share)
    {
        lock (_gate)
            return _accounts.Keys.HeldBy(capability, share);
    }

    /// <summary>The transaction that took a slot is over. Unless it said so before, it may have come to nothing.</summary>
    public void Settled(Guid id)
    {
        lock (_gate)
        {
            if (_taken.Remove(id, out var slot) && slot.Keys.Rate is not null)
                rates.Doubt();
        }
    }

    /// <summary>A slot was taken or given back, and this is committed.</summary>
    /// <returns>Whether something waits for slots of this capability; of another, none that is free helps it.</returns>
    public bool Committed(Guid id, HeldSlot? slot)
    {
        lock (_gate)
        {
            var capability = (_accounts.Of(id) ?? slot)?.Capability;
            _taken.Remove(id);
            _accounts.Apply(id, slot);
            _changes.Add(id, slot);
            return _waiting.Any(capability);
        }
    }

    private bool HaveRoom(WorkKeys keys) => _accounts.Keys.HaveRoom(keys) && rates.HasRoom(keys.Rate);

    private void Give(HeldSlot slot)
    {
        _accounts.Apply(slot.Id, _taken[slot.Id] = slot);
        if (slot.Keys.Rate is { } rate)
            rates.Start(rate, slot.Id);
    }
}
