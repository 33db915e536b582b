namespace Fleet.Hosting.Stops;

/// <summary>Who asks again and again whether this process is ready, and has he heard that it is not.</summary>
internal sealed class Probers(TimeProvider clock)
{
    /// <summary>So many of his own pauses may a prober be late, and so much beyond that, before he counts as gone.</summary>
    private const int LatePauses = 2;

    private const int MostKnown = 1000;

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Prober> _known = [];

    /// <param name="who">Names a prober.</param>
    /// <param name="isTold">He is answered that the process stops.</param>
    public void Asks(string who, bool isTold)
    {
        lock (_lock)
        {
            var now = clock.GetTimestamp();
            if (_known.Count >= MostKnown)
                _known.Clear();
            _known[who] = _known.TryGetValue(who, out var before)
                ? new Prober(now, clock.GetElapsedTime(before.At, now), before.IsTold || isTold)
                : new Prober(now, null, isTold);
        }
    }

    /// <summary>Whether somebody who asks regularly has not heard it yet. Who asked once may never come back.</summary>
    public bool AreUntold()
    {
        lock (_lock)
        {
            return _known.Values.Any(prober => prober is { IsTold: false, Pause: { } pause }
                && clock.GetElapsedTime(prober.At) < (LatePauses * pause) + Late);
        }
    }

    private sealed record Prober(long At, TimeSpan? Pause, bool IsTold);
}
