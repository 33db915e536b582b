using System.Collections.Concurrent;

namespace Fleet.Control.Platform.Access;

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
        var key = entry.Key.IsCompletedSuccessfully ? entry.Key.Result : await Loaded(hash, entry, stop);
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
            return _entries[hash] = new Entry(lookups.Find(hash), askedAt);
        }
    }

    private async Task<KnownKey?> Loaded(KeyHash hash, Entry entry, CancellationToken stop)
    {
        try
        {
            var key = await entry.Key.WaitAsync(stop);
            if (key is null)
                _entries.TryRemove(new(hash, entry));
            return key;
        }
        catch
        {
            if (entry.Key.IsCompleted)
                _entries.TryRemove(new(hash, entry));
            throw;
        }
    }

    private bool IsFresh(Entry entry) => clock.GetElapsedTime(entry.AskedAt) < _lifetime;

    private bool IsOver(KnownKey key) => key.ExpiresAt is { } end && end <= clock.GetUtcNow();

    private sealed record Entry(Task<KnownKey?> Key, long AskedAt);
}
