namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Who holds which slot, as the dispatching process knows it: refreshed from the database every round, kept up to date
/// by the commits in between. A cache: losing it costs one round.
/// </summary>
internal sealed class SlotLedger(ModelTurns turns, RateLedger rates)
{
    private const int MostInOneRound = 1000;
    private const int MostRemembered = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, HeldSlot> _held = [];
    private readonly FreeSlots _free = new();
    private readonly KeyLedger _keys = new();
    private readonly Dictionary<Guid, HeldSlot> _taken = [];
    private readonly Queue<(long Seq, Guid Id, HeldSlot? Slot)> _recent = new();
    private readonly HashSet<WorkLane> _waiting = [];
    private readonly Dictionary<string, long> _forgotten = [];
    private IReadOnlyList<ReadyAgent> _agents = [];
    private long _seq;

    /// <summary>Whether something waits that had no slot when it was last looked at.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count > 0;
        }
    }

    /// <summary>A point in time; what is committed after it survives a refresh that began at it.</summary>
    public long Now
    {
        get
        {
            lock (_gate)
                return _seq;
        }
    }

    /// <param name="since">The point in time before the database was asked.</param>
    public void Refresh(long since, IReadOnlyList<ReadyAgent> agents, IEnumerable<HeldSlot> held)
    {
        lock (_gate)
        {
            _agents = [.. agents.Where(agent => !(_forgotten.TryGetValue(agent.Name, out var when) && when > since))];
            _forgotten.Clear();
            _held.Clear();
            _waiting.Clear();
            _free.Clear();
            _keys.Clear();
            foreach (var agent in _agents)
                _free.Open(agent);
            foreach (var slot in held)
                Hold(slot.Id, slot);
            foreach (var (_, id, slot) in _recent.Where(change => change.Seq > since))
                Apply(id, slot);
            foreach (var (id, slot) in _taken)
                Apply(id, slot);
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
            turns.Clear();
            rates.Clear();
        }
    }

    /// <summary>The agent takes nothing new from now on, until a refresh that began later says otherwise.</summary>
    public void Forget(string agent)
    {
        lock (_gate)
        {
            _agents = [.. _agents.Where(known => known.Name != agent)];
            _forgotten[agent] = ++_seq;
        }
    }

    public int RoomFor(WorkLane lane)
    {
        lock (_gate)
            return Math.Min(MostInOneRound, _agents.Where(lane.Accepts).Sum(agent => Math.Max(0, _free.Of(agent, lane))));
    }

    /// <summary>Says that a lane has work for which there was no slot.</summary>
    public void Waits(WorkLane lane)
    {
        lock (_gate)
            _waiting.Add(lane);
    }

    /// <summary>All of the lane was seen, and nothing of it can use a slot now.</summary>
    public void WaitsForKeys(WorkLane lane)
    {
        lock (_gate)
            _waiting.Remove(lane);
    }

    /// <summary>Whether work of this lane would overtake other work that waits for the same slots.</summary>
    public bool WouldOvertake(WorkLane lane)
    {
        lock (_gate)
        {
            return _waiting.Any(waiting => waiting.Capability == lane.Capability
                && (lane.Model is null || ModelPlaces.Any(_agents, waiting, lane)));
        }
    }

    /// <summary>Model calls that this round could start: which model's turn it is depends on all of them.</summary>
    public void Compete(IEnumerable<(WorkLane Lane, WaitingWork Work)> candidates)
    {
        lock (_gate)
            turns.Compete(candidates);
    }

    /// <summary>A model call that was to compete cannot start in this round.</summary>
    public void Withdraw(Guid work)
    {
        lock (_gate)
            turns.Withdraw(work);
    }

    /// <summary>
    /// A slot on the agent that has the most room, or null when there is none left, or a key has no room. It stays
    /// taken, though no database knows of it, until it is settled.
    /// </summary>
    /// <param name="not">An agent that does not come into question.</param>
    /// <param name="onlyWarm">With a model call: no upstream that would have to load the model.</param>
    public ReadyAgent? Take(WorkLane lane, Guid id, WorkKeys keys = default, string? not = null, bool onlyWarm = false)
    {
        lock (_gate)
        {
            if (!HaveRoom(keys))
                return null;
            if (lane.Model is not null)
                return TakeUpstream(lane, id, keys, not, onlyWarm);
            ReadyAgent? best = null;
            foreach (var agent in _agents)
            {
                if (agent.Name == not || !lane.Accepts(agent))
                    continue;
                if (_free.Of(agent, lane) > (best is null ? 0 : _free.Of(best, lane)))
                    best = agent;
            }

            if (best is not null)
                Give(new HeldSlot(id, best.Name, lane.Capability, keys));
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
            return _keys.HeldBy(capability, share);
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
            var capability = (_held.GetValueOrDefault(id) ?? slot)?.Capability;
            _taken.Remove(id);
            Apply(id, slot);
            _recent.Enqueue((++_seq, id, slot));
            if (_recent.Count > MostRemembered)
                _recent.Dequeue();
            return capability is null ? _waiting.Count > 0 : _waiting.Any(lane => lane.Capability == capability);
        }
    }

    private ReadyAgent? TakeUpstream(WorkLane lane, Guid id, WorkKeys keys, string? not, bool onlyWarm)
    {
        var others = _agents.Where(agent => agent.Name != not);
        if (ModelPlaces.Best(others, lane, _free.Of, turns, onlyWarm) is not var (agent, upstream))
            return null;
        turns.Withdraw(id);
        if (lane.Capability == ReadyUpstream.Generation)
            turns.Take(new ModelPlace(agent.Name, upstream.Name), lane.Model!);
        Give(new HeldSlot(id, agent.Name, lane.Capability, keys, upstream.Name, lane.Model));
        return agent with { Upstream = upstream.Name };
    }

    private bool HaveRoom(WorkKeys keys) => _keys.HaveRoom(keys) && rates.HasRoom(keys.Rate);

    private void Give(HeldSlot slot)
    {
        Apply(slot.Id, _taken[slot.Id] = slot);
        if (slot.Keys.Rate is { } rate)
            rates.Start(rate, slot.Id);
    }

    private void Apply(Guid id, HeldSlot? slot)
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
            turns.Found(new ModelPlace(slot.Agent, upstream), model);
    }

    private void Count(HeldSlot held, int change)
    {
        _free.Count(held, -change);
        _keys.Count(held, change);
    }
}
