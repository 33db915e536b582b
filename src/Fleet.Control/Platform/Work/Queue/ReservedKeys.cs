using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>
/// Concurrency keys that somebody waits to have alone: what comes after him waits too, or others who overlap would keep him
/// waiting for ever. He reserves nothing while he waits for an agent, or, unless that takes too long, for slots that work of other
/// keys has.
/// </summary>
internal sealed class ReservedKeys
{
    private readonly Dictionary<Guid, (long Rank, Guid Id)> _first = [];

    /// <param name="reserves">Whether an agent would take the work now, were nothing of the key under way, or it has waited too
    /// long.</param>
    public ReservedKeys(ILookup<Guid, AloneWork> alone, Func<Guid, AloneWork, bool> reserves)
    {
        foreach (var key in alone)
        {
            var able = key.Where(work => reserves(key.Key, work)).ToList();
            if (able.Count > 0)
                _first[key.Key] = able.Min(work => (work.Rank, work.Id));
        }
    }

    public IEnumerable<Guid> Keys => _first.Keys;

    /// <summary>Whether the work comes first, or nobody waits for its key.</summary>
    public bool Admit(WaitingWork work) =>
        work.Keys.Concurrency is not { } key || !_first.TryGetValue(key, out var first) || (work.Rank, work.Id).CompareTo(first) <= 0;
}
