using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>
/// Model calls that wait and are given out as the dispatcher does it, to upstreams that have the models a to d and write
/// one answer at once. Each answer takes as long as a test says.
/// </summary>
internal sealed class ModelLine
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly ManualClock _clock = new();
    private readonly SlotLedger _slots;
    private readonly Dictionary<string, ReadyUpstream> _upstreams;
    private readonly List<(DemandClass Lane, WaitingWork Work)> _waiting = [];
    private readonly List<(Guid Id, HeldSlot Slot)> _running = [];
    private long _rank;

    public ModelLine(double patienceSeconds, params string[] upstreams)
    {
        _slots = TestSlots.New(_clock, patienceSeconds);
        _upstreams = upstreams.ToDictionary(name => name, name => Upstream(name, [], true));
    }

    public List<(string Model, string Upstream, TimeSpan Waited)> Started { get; } = [];

    public IEnumerable<(string Model, string Upstream)> Running => _running.Select(one => (one.Slot.Model!, one.Slot.Upstream!));

    /// <summary>Generations that one upstream had at once, at most.</summary>
    public int MostAtOnce { get; private set; }

    public static int LoadsOf(IEnumerable<string> models) => models.Zip(models.Skip(1)).Count(pair => pair.First != pair.Second) + 1;

    public void Report(string upstream, string[]? loaded = null, bool isReachable = true) =>
        _upstreams[upstream] = Upstream(upstream, loaded ?? [], isReachable);

    public void Add(string model, string capability = ReadyUpstream.Generation) => _waiting.Add((
        DemandKey.Read(DemandKey.Of("inference", capability, null, Nothing, model)),
        new WaitingWork(Guid.CreateVersion7(), ++_rank, default, _clock.GetUtcNow())));

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Another process dispatches from here on.</summary>
    public void ForgetAll()
    {
        _slots.Clear();
    }

    /// <summary>Whatever can start starts, and is over after a while.</summary>
    public void Run(TimeSpan duration)
    {
        while (Round())
        {
            // what one round held back may be free in the next
        }

        _clock.Advance(duration);
        if (duration > TimeSpan.Zero)
            End();
    }

    public void RunAll(TimeSpan duration)
    {
        for (var rounds = 0; _waiting.Count + _running.Count > 0; rounds++)
        {
            rounds.ShouldBeLessThan(1000, "something waits for ever");
            Run(duration);
        }
    }

    public int Loads(string upstream) =>
        LoadsOf(Started.Where(one => one.Upstream == upstream && one.Model.Length > 0).Select(one => one.Model));

    public TimeSpan LongestWait(string model) => Started.Where(one => one.Model == model).Max(one => one.Waited);

    private bool Round()
    {
        var agent = new ReadyAgent("agent", Guid.Empty, Nothing.ToDictionary(_ => "", _ => 0), Nothing, 0, [.. _upstreams.Values]);
        _slots.Refresh(_slots.Now, [agent], _running.Select(one => one.Slot));
        var fronts = _waiting.GroupBy(one => one.Lane.Key)
            .SelectMany(lane => lane.OrderBy(one => one.Work.Rank).Take(_slots.RoomFor(lane.First().Lane))).ToList();
        _slots.Compete(fronts);
        var any = false;
        foreach (var (lane, work) in FairOrder.Of(fronts, _slots).ToList())
            any |= TryStart(lane, work);
        _slots.Compete([]);
        return any;
    }

    private bool TryStart(DemandClass lane, WaitingWork work)
    {
        if (_slots.Take(lane, work.Id) is not { Upstream: { } upstream })
            return false;
        var slot = new HeldSlot(work.Id, "agent", lane.Capability, default, upstream, lane.Model);
        _slots.Settled(work.Id);
        _slots.Committed(work.Id, slot);
        _waiting.RemoveAll(one => one.Work.Id == work.Id);
        _running.Add((work.Id, slot));
        if (lane.Capability == ReadyUpstream.Generation)
            Started.Add((lane.Model!, upstream, _clock.GetUtcNow() - work.Since));
        else
            Started.Add(("", upstream, TimeSpan.Zero));
        var generations = _running.Where(one => one.Slot.Capability == ReadyUpstream.Generation);
        MostAtOnce = Math.Max(MostAtOnce, generations.GroupBy(one => one.Slot.Upstream).Max(group => (int?)group.Count()) ?? 0);
        return true;
    }

    private void End()
    {
        foreach (var (id, _) in _running)
            _slots.Committed(id, null);
        _running.Clear();
    }

    private static ReadyUpstream Upstream(string name, string[] loaded, bool isReachable) => new(
        name, isReachable, 1, 4, new HashSet<string> { "a", "b", "c", "d" }, loaded.ToHashSet());
}
