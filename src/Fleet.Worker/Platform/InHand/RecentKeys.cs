namespace Fleet.Worker.Platform.InHand;

/// <summary>
/// Remembers the last attempts, at least <see cref="LeastRemembered"/> of them, in bounded memory. A repetition that
/// comes later than that cannot be a redelivery: a broker redelivers what was prefetched, some hundreds at most.
/// </summary>
internal sealed class RecentKeys
{
    public const int LeastRemembered = 32 * 1024;

    private HashSet<AttemptKey> _young = [];
    private HashSet<AttemptKey> _old = [];

    public bool Contains(AttemptKey key) => _young.Contains(key) || _old.Contains(key);

    /// <summary>False when it is remembered already.</summary>
    public bool Add(AttemptKey key)
    {
        if (Contains(key))
            return false;
        if (_young.Count == LeastRemembered)
            (_young, _old) = ([], _young);
        return _young.Add(key);
    }
}
