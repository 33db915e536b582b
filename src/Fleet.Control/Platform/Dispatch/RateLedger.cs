using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// When work of each rate key started, within the time that its rate looks back. Read from the database by the process
/// that begins to dispatch; until then no rate has room. Used under the lock of <see cref="SlotLedger"/>.
/// </summary>
internal sealed class RateLedger(DatabaseClock clock)
{
    /// <summary>Younger starts may have been committed while the database was read.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private readonly Dictionary<Guid, List<WorkStart>> _starts = [];

    /// <summary>Whether all starts are known.</summary>
    public bool IsLoaded { get; private set; }

    public bool HasRoom(RateTerms? rate) => rate is not { } terms || (IsLoaded && CountRecent(terms) < terms.Limit);

    /// <summary>Work of the key starts now.</summary>
    public void Start(RateTerms rate, Guid work) => Of(rate.Id).Add(new WorkStart(rate.Id, work, clock.Now));

    /// <summary>Nobody knows whether a start that was counted took place: all of them are read again.</summary>
    public void Doubt() => IsLoaded = false;

    public void Load(IEnumerable<WorkStart> stored)
    {
        var known = stored.ToList();
        var ids = known.Select(start => start.Work).ToHashSet();
        var young = clock.Now - Overlap;
        known.AddRange(_starts.Values.SelectMany(starts => starts).Where(start => start.At > young && !ids.Contains(start.Work)));
        _starts.Clear();
        foreach (var start in known.OrderBy(start => start.At))
            Of(start.Rate).Add(start);
        IsLoaded = true;
    }

    public void Clear()
    {
        _starts.Clear();
        IsLoaded = false;
    }

    /// <summary>Forgets those that are over, which are the first.</summary>
    private int CountRecent(RateTerms rate)
    {
        if (!_starts.TryGetValue(rate.Id, out var starts))
            return 0;
        var since = clock.Now - TimeSpan.FromSeconds(rate.Seconds);
        var over = 0;
        while (over < starts.Count && starts[over].At <= since)
            over++;
        starts.RemoveRange(0, over);
        if (starts.Count == 0)
            _starts.Remove(rate.Id);
        return starts.Count;
    }

    private List<WorkStart> Of(Guid rate)
    {
        if (!_starts.TryGetValue(rate, out var starts))
            _starts[rate] = starts = [];
        return starts;
    }
}

/// <summary>At most <paramref name="Limit"/> starts of the key within any <paramref name="Seconds"/>.</summary>
internal readonly record struct RateTerms(Guid Id, int Limit, int Seconds);

/// <summary>A start that counts towards a rate.</summary>
internal readonly record struct WorkStart(Guid Rate, Guid Work, DateTimeOffset At);
