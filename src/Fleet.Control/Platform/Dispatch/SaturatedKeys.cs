namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Concurrency and rate keys under which work waits. What becomes ready under one of them queues up behind it, though the key may
/// have room at that very moment. As far as the last round saw: it decides who is first, never how many run.
/// </summary>
internal sealed class SaturatedKeys
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _fresh = [];
    private HashSet<Guid> _known = [];

    public bool Contains(WorkKeys keys)
    {
        lock (_gate)
            return Of(keys).Any(key => _known.Contains(key) || _fresh.Contains(key));
    }

    /// <summary>Work of this key waits.</summary>
    public void Add(WorkKeys keys)
    {
        lock (_gate)
        {
            _fresh.UnionWith(Of(keys));
        }
    }

    /// <summary>Work of these concurrency keys waits.</summary>
    public void Add(IEnumerable<Guid> keys)
    {
        lock (_gate)
            _fresh.UnionWith(keys);
    }

    /// <summary>A round is over: what it did not meet is forgotten.</summary>
    public void Turn()
    {
        lock (_gate)
        {
            _known = [.. _fresh];
            _fresh.Clear();
        }
    }

    private static IEnumerable<Guid> Of(WorkKeys keys)
    {
        if (keys.Concurrency is { } key)
            yield return key;
        if (keys.Rate is { } rate)
            yield return rate.Id;
    }
}
