using System.Collections.Concurrent;
using Fleet.Chaos.Target;

namespace Fleet.Chaos.Load;

/// <summary>Those who follow jobs while everything breaks.</summary>
internal sealed class Watchers(Api api, int seed)
{
    private readonly ConcurrentDictionary<string, (Watcher Watcher, Task Watching)> _all = [];

    public IReadOnlyDictionary<string, Watcher> All =>
        _all.ToDictionary(entry => entry.Key, entry => entry.Value.Watcher);

    public void Follow(string jobId, CancellationToken stop)
    {
        var watcher = new Watcher(api, jobId, new Random(HashCode.Combine(seed, jobId)));
        _all.TryAdd(jobId, (watcher, watcher.Watch(stop)));
    }

    /// <summary>Returns when all have been told that nothing follows, or it takes too long.</summary>
    public Task AllDone(TimeSpan patience) =>
        Task.WhenAny(Task.WhenAll(_all.Values.Select(entry => entry.Watching)), Task.Delay(patience));
}
