using System.Collections.Concurrent;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>
/// What this process knows about the keys in use. An answer is trusted for <see cref="AccessSettings.CacheSeconds"/>
/// from the moment it was asked for; so that long after a revocation was committed, no process lets the key in.
/// Unknown keys are not kept: guessing fills no memory.
/// </summary>
internal sealed class ApiKeyCache(ApiKeyLookups lookups, AccessSettings settings, TimeProvider clock)
{
    private readonly ConcurrentDictionary<KeyHash, Entry> _entries = new();
    private readonly TimeSpan _lifetime = TimeSpan.FromSeconds(settings.CacheSeconds);
    private readonly Lock _renewing = new();

    /// <summary>How many keys are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>Null for every key that does not open anything. Throws when the database cannot be asked.</summary>
    public async ValueTask<Caller?> Find(KeyHash hash, CancellationToken stop)
    {
        if (!_entries.TryGetValue(hash, out var entry) || !IsFresh(entry))
            entry = Renew(hash);
        var key = entry.Key.IsCompletedSuccessfully ? entry.Key.Result : await entry.Key.WaitAsync(stop);
        return key is not null && !IsOver(key) ? key.Caller : null;
    }

    /// <summary>Ask again at the next use.</summary>
    public void Forget(KeyHash hash) => _entries.TryRemove(hash, out _);

    /// <summary>Lets go of keys that nobody used lately.</summary>
    public void Sweep()
    {
        foreach (var entry in _entries)
        {
            if (!IsFresh(entry.Value))
                _entries.TryRemove(entry);
        }
    }

    private Entry Renew(KeyHash hash)
    {
        lock (_renewing)
        {
            if (_entries.TryGetValue(hash, out var other) && IsFresh(other))
                return other;
            var askedAt = clock.GetTimestamp();
            return _entries[hash] = new Entry(Load(hash, lookups.Find(hash)), askedAt);
        }
    }

    /// <summary>Goes on only when the entry is in its place, so that it finds what it has to remove.</summary>
    private async Task<KnownKey?> Load(KeyHash hash, Task<KnownKey?> lookup)
    {
        KnownKey? key = null;
        try
        {
            return key = await lookup.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        finally
        {
            if (key is null)
            {
                lock (_renewing)
                    _entries.TryRemove(hash, out _);
            }
        }
    }

    private bool IsFresh(Entry entry) => clock.GetElapsedTime(entry.AskedAt) < _lifetime;

    private bool IsOver(KnownKey key) => key.ExpiresAt is { } end && end <= clock.GetUtcNow();

    private sealed record Entry(Task<KnownKey?> Key, long AskedAt);
}
