namespace Fleet.Worker.Platform.Leases;

/// <summary>
/// How long what this agent has in hand is its own. Control counts from the moment it stores a beat; this side counts
/// from the moment it sent that beat, and stops earlier by a margin: it is over here before it is over there, whatever
/// the clocks say.
/// </summary>
/// <param name="clock">Only its timestamps count.</param>
internal sealed class Lease(TimeProvider clock, WorkerSettings settings)
{
    private const int MostUnanswered = 64;

    private static readonly TimeSpan _leastMargin = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long SentAt)> _unanswered = new();
    private TimeSpan _length;
    private long _renewedAt;

    /// <summary>A point in time, for <see cref="Begin"/>.</summary>
    public long Now => clock.GetTimestamp();

    public bool IsHeld => Left > TimeSpan.Zero;

    /// <summary>How long it is held if it is not renewed; zero or less when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
                return _length - Margin - clock.GetElapsedTime(_renewedAt);
        }
    }

    /// <summary>How much earlier than over there it is over here.</summary>
    public TimeSpan Margin
    {
        get
        {
            var usual = _length / 5 > _leastMargin ? _length / 5 : _leastMargin;
            var wanted = settings.LeaseMarginSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : usual;
            return wanted < _length / 2 ? wanted : _length / 2;
        }
    }

    /// <summary>Control has welcomed this agent. Only the first welcome begins a lease: beats alone renew it.</summary>
    /// <param name="asked">When it was asked to.</param>
    public void Begin(TimeSpan length, long asked)
    {
        lock (_gate)
        {
            if (_length == TimeSpan.Zero)
                Renew(asked);
            _length = length;
        }
    }

    /// <summary>The beat with this number leaves now.</summary>
    public void Sending(long number)
    {
        lock (_gate)
        {
            _unanswered.Enqueue((number, clock.GetTimestamp()));
            if (_unanswered.Count > MostUnanswered)
                _unanswered.Dequeue();
        }
    }

    /// <summary>Control has stored the beat with this number.</summary>
    public void Stored(long number)
    {
        lock (_gate)
        {
            while (_unanswered.TryPeek(out var beat) && beat.Number <= number)
            {
                _unanswered.Dequeue();
                if (beat.Number == number)
                    Renew(beat.SentAt);
            }
        }
    }

    private void Renew(long from) => _renewedAt = Math.Max(_renewedAt, from);
}
