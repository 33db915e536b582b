using Microsoft.Extensions.Caching.Memory;

namespace Fleet.Edge.Limits;

/// <summary>The keys of the last minute whose last answer that tells was not 401.</summary>
internal sealed class GoodKeys : IDisposable
{
    private static readonly MemoryCacheEntryOptions Minute = new() { SlidingExpiration = TimeSpan.FromMinutes(1) };

    private readonly MemoryCache _keys = new(new MemoryCacheOptions());

    public bool Contains(UInt128 key) => _keys.TryGetValue(key, out _);

    public void Add(UInt128 key) => _keys.Set(key, true, Minute);

    public void Remove(UInt128 key) => _keys.Remove(key);

    public void Dispose() => _keys.Dispose();
}
