namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Who holds which slot, as the dispatching process knows it: refreshed from the database every round, kept up to date
/// by the commits in between. A cache: losing it costs one round.
/// </summary>
internal sealed class SlotLedger
{
    private const int MostInOneRound = 1000;
    private const int MostRemembered = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Slot> _held = [];
    private readonly Dictionary<Slot, int> _free = [];
    private readonly Dictionary<Guid, Slot> _taken = [];
    private readonly Queue<(long Seq, Guid Id, Slot? Slot)> _recent = new();
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
            foreach (var agent in _agents)
            {
                foreach (var (capability, slots) in agent.Slots)
                    _free[new Slot(agent.Name, capability)] = slots;
            }

            foreach (var slot in held)
                Hold(slot.Id, new Slot(slot.Agent, slot.Capability));
            foreach (var (_, id, slot) in _recent.Where(change => change.Seq > since))
                Apply(id, slot);
            foreach (var (id, slot) in _taken)
                Apply(id, slot);
        }
    }

    /// <summary>Forgets everything: this process does not dispatch.</summary>
    public void Clear() => Refresh(long.MaxValue, [], []);

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
            return Math.Min(MostInOneRound, _agents.Where(lane.Accepts).Sum(agent => Math.Max(0, Free(agent, lane))));
    }

    /// <summary>Says that a lane has work for which there was no slot.</summary>
    public void Waits(WorkLane lane)
    {
        lock (_gate)
            _waiting.Add(lane);
    }

    /// <summary>Whether work of this lane would overtake other work that waits for the same slots.</summary>
    public bool WouldOvertake(WorkLane lane)
    {
        lock (_gate)
            return _waiting.Any(waiting => waiting.Capability == lane.Capability);
    }

    /// <summary>
    /// A slot on the agent that has the most room, or null when there is none left. It stays taken, though no database
    /// knows of it, until it is settled.
    /// </summary>
    /// <param name="not">An agent that does not come into question.</param>
    public ReadyAgent? Take(WorkLane lane, Guid id, string? not = null)
    {
        lock (_gate)
        {
            ReadyAgent? best = null;
            foreach (var agent in _agents)
            {
                if (agent.Name == not || !lane.Accepts(agent))
                    continue;
                if (Free(agent, lane) > (best is null ? 0 : Free(best, lane)))
                    best = agent;
            }

            if (best is not null)
                Apply(id, _taken[id] = new Slot(best.Name, lane.Capability));
            return best;
        }
    }

    /// <summary>The transaction that took a slot is over, whatever became of it.</summary>
    public void Settled(Guid id)
    {
        lock (_gate)
            _taken.Remove(id);
    }

    /// <summary>A slot was taken or given back, and this is committed.</summary>
    public void Committed(Guid id, Slot? slot)
    {
        lock (_gate)
        {
            _taken.Remove(id);
            Apply(id, slot);
            _recent.Enqueue((++_seq, id, slot));
            if (_recent.Count > MostRemembered)
                _recent.Dequeue();
        }
    }

    private void Apply(Guid id, Slot? slot)
    {
        if (_held.Remove(id, out var before))
            _free[before] = _free.GetValueOrDefault(before) + 1;
        if (slot is not null)
            Hold(id, slot);
    }

    private void Hold(Guid id, Slot slot)
    {
        _held[id] = slot;
        _free[slot] = _free.GetValueOrDefault(slot) - 1;
    }

    private int Free(ReadyAgent agent, WorkLane lane) => _free.GetValueOrDefault(new Slot(agent.Name, lane.Capability));
}

/// <summary>One place to run, of one capability, on one agent.</summary>
internal sealed record Slot(string Agent, string Capability);

/// <summary>A slot that an attempt holds.</summary>
internal sealed record HeldSlot(Guid Id, string Agent, string Capability);
