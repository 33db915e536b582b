using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Fleet.Edge.Limits;

/// <summary>One API key or address.</summary>
internal sealed class Caller(EdgeSettings settings, TimeProvider clock)
{
    public TokenBucket Requests { get; } = new(settings.RequestsPerSecond, clock);

    /// <summary>Filled for addresses only: their answers 401.</summary>
    public TokenBucket Refusals { get; } = new(settings.RefusalsPerSecond, clock);

    /// <summary>Its last answer that tells was not 401.</summary>
    public bool WasGood { get; set; }

    /// <summary>Nothing came from it for so long that forgetting it changes nothing.</summary>
    public bool IsIdle => Requests.IsIdle && Refusals.IsIdle;
}

/// <summary>The callers of the last minute. Losing them loses nothing: they start again with full buckets.</summary>
internal sealed class Callers : IDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<UInt128, Caller> _callers = new();
    private readonly Func<UInt128, Caller> _make;
    private readonly ITimer _forgetting;

    public Callers(IOptions<EdgeSettings> settings, TimeProvider clock)
    {
        _make = _ => new Caller(settings.Value, clock);
        _forgetting = clock.CreateTimer(_ => ForgetIdle(), null, Round, Round);
    }

    public int Count => _callers.Count;

    public Caller Find(UInt128 key) => _callers.GetOrAdd(key, _make);

    public void Dispose() => _forgetting.Dispose();

    private void ForgetIdle()
    {
        foreach (var (key, caller) in _callers)
        {
            if (caller.IsIdle)
                _callers.TryRemove(key, out _);
        }
    }
}
