namespace Fleet.Edge.Limits;

/// <summary>So many a second, and as many at once after a second of rest. A rate of 0 means no limit.</summary>
internal sealed class TokenBucket(double perSecond, TimeProvider clock)
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly double _rate = perSecond;
    private double _tokens = perSecond;
    private long _filledAt = clock.GetTimestamp();
    private long _usedAt = clock.GetTimestamp();

    public bool IsIdle => clock.GetElapsedTime(Volatile.Read(ref _usedAt)) > Idle;

    public bool IsEmpty => _rate > 0 && Tokens() < 1;

    /// <summary>Whole seconds until there is a token, at least 1.</summary>
    public int SecondsToWait => Math.Max(1, (int)Math.Ceiling((1 - Tokens()) / _rate));

    public bool TryTake()
    {
        if (_rate <= 0)
            return true;
        lock (_lock)
        {
            Fill();
            Volatile.Write(ref _usedAt, _filledAt);
            if (_tokens < 1)
                return false;
            _tokens--;
            return true;
        }
    }

    private double Tokens()
    {
        lock (_lock)
        {
            Fill();
            return _tokens;
        }
    }

    private void Fill()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(_rate, _tokens + clock.GetElapsedTime(_filledAt, now).TotalSeconds * _rate);
        _filledAt = now;
    }
}
