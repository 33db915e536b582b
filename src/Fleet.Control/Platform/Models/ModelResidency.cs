using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Models;

/// <summary>
/// Whose turn it is on each upstream, so that models are not swapped in and out needlessly: the model in memory goes on
/// while work for it waits, until others have waited long enough and it had its turn for as long. Used under the lock
/// of <see cref="SlotLedger"/>. A cache: losing it costs a load.
/// </summary>
internal sealed class ModelResidency(DispatchSettings settings, DatabaseClock clock)
{
    private const int MostRemembered = 64;

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(settings.ModelPatienceSeconds);
    private readonly Dictionary<ModelPlace, Turn> _turns = [];
    private readonly Dictionary<Guid, Candidate> _candidates = [];

    /// <summary>What this round could start, before any of it does.</summary>
    public void Compete(IEnumerable<(DemandClass Demand, WaitingWork Work)> candidates)
    {
        _candidates.Clear();
        foreach (var (demand, work) in candidates)
            _candidates[work.Id] = new Candidate(demand, work.Since);
    }

    /// <summary>It has a slot now, or cannot start in this round.</summary>
    public void Withdraw(Guid work) => _candidates.Remove(work);

    /// <summary>A slot of the place is the model's.</summary>
    public void Take(ModelPlace place, string model)
    {
        var now = clock.Now;
        if (!_turns.TryGetValue(place, out var turn))
            _turns[place] = new Turn(model, now);
        else if (turn.Model != model)
            turn.Pass(model, now);
    }

    /// <summary>A slot was held when this process began to look; what it gave out itself, it knows better.</summary>
    public void Found(ModelPlace place, string model)
    {
        if (!_turns.ContainsKey(place))
            _turns[place] = new Turn(model, clock.Now);
    }

    public void Clear()
    {
        _turns.Clear();
        _candidates.Clear();
    }

    /// <summary>
    /// Whether the model is in memory there. What was given out last is newer than what the upstream told, unless that
    /// shows that it has several at once.
    /// </summary>
    public bool IsWarm(ModelPlace place, ReadyUpstream upstream, string model)
    {
        if (!_turns.TryGetValue(place, out var turn))
            return upstream.Loaded.Contains(model);
        return turn.Model == model || (upstream.Loaded.Contains(turn.Model) && upstream.Loaded.Contains(model));
    }

    /// <summary>Whether nothing at all is known to be in memory there.</summary>
    public bool IsEmpty(ModelPlace place, ReadyUpstream upstream) => upstream.Loaded.Count == 0 && !_turns.ContainsKey(place);

    /// <summary>Whether it is the model's turn there.</summary>
    public bool IsTurnOf(ModelPlace place, ReadyUpstream upstream, ReadyAgent agent, string model)
    {
        var isWarmWaiting = false;
        (string Model, DateTimeOffset Since)? longest = null;
        var now = clock.Now;
        var turn = _turns.GetValueOrDefault(place);
        foreach (var (demand, since) in _candidates.Values)
        {
            if (demand.Capability != ReadyUpstream.Generation || !upstream.Serves(demand) || !demand.Accepts(agent))
                continue;
            if (IsWarm(place, upstream, demand.Model!))
            {
                isWarmWaiting = true;
                continue;
            }

            var waits = turn?.Since(demand.Model!, since) ?? since;
            if (now - waits >= _patience && (longest is null || waits < longest.Value.Since))
                longest = (demand.Model!, waits);
        }

        if (isWarmWaiting && (longest is null || (turn is not null && now - turn.Began < _patience)))
            return IsWarm(place, upstream, model);
        return longest is null || longest.Value.Model == model;
    }

    private readonly record struct Candidate(DemandClass Demand, DateTimeOffset Since);

    /// <summary>The model that has its turn, and when the others had theirs.</summary>
    private sealed class Turn(string model, DateTimeOffset began)
    {
        private readonly Dictionary<string, DateTimeOffset> _ended = [];

        public string Model { get; private set; } = model;

        public DateTimeOffset Began { get; private set; } = began;

        public void Pass(string model, DateTimeOffset now)
        {
            if (_ended.Count >= MostRemembered)
                _ended.Remove(_ended.MinBy(turn => turn.Value).Key);
            _ended[Model] = now;
            (Model, Began) = (model, now);
        }

        /// <summary>Since when the model waits: whoever had a turn meanwhile begins anew.</summary>
        public DateTimeOffset Since(string model, DateTimeOffset waits) =>
            _ended.TryGetValue(model, out var ended) && ended > waits ? ended : waits;
    }
}

/// <summary>One upstream of one agent.</summary>
internal readonly record struct ModelPlace(string Agent, string Upstream);
