namespace Fleet.Worker.Platform.Leases;

/// <summary>
/// How long what this agent has in hand is its own. Control counts from the moment it stores a beat; this side counts
/// from the moment it sent that beat, and stops earlier by a margin: it is over here before it is over there, whatever
/// the clocks say.
/// </summary>
/// <param name="clock">Only its timestamps count.</param>
internal sealed class Lease(TimeProvider clock, WorkerSettings settings)
{
    private const int MostRemembered = 64;

    private static readonly TimeSpan _leastMargin = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private readonly Queue<(long Number, long SentAt)> _beats = new();
    private TimeSpan _length;
    private TimeSpan _acceptance;
    private long _renewedAt;
    private int _term;
    private long _sent;
    private long _stored;
    private long _endedAt = long.MinValue;

    /// <summary>A point in time, for <see cref="Begin"/>.</summary>
    public long Now => clock.GetTimestamp();

    public bool IsHeld => Left > TimeSpan.Zero;

    /// <summary>
    /// Counts the times for which it was held without a break: what was begun in an earlier one is not to go on, however
    /// soon after its end this one began.
    /// </summary>
    public int Term
    {
        get
        {
            lock (_gate)
                return _term;
        }
    }

    /// <summary>How long it is held if it is not renewed; zero or less when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            lock (_gate)
                return _renewedAt > _endedAt ? _length - Margin - clock.GetElapsedTime(_renewedAt) : TimeSpan.Zero;
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
    /// <param name="acceptance">How long Control waits for an attempt to be taken.</param>
    /// <param name="asked">When it was asked to.</param>
    public void Begin(TimeSpan length, TimeSpan acceptance, long asked)
    {
        lock (_gate)
        {
            if (_length == TimeSpan.Zero)
            {
                Renew(asked);
                _beats.Enqueue((0, asked));
            }

            (_length, _acceptance) = (length, acceptance);
        }
    }

    /// <summary>
    /// Whether what Control said knowing this beat, and none later, is still to be begun. It may have waited long, for a
    /// broker that was away or a process that was stopped, and Control may have given the attempt to another since; it
    /// does not before the shorter of its two terms has passed, and counts from a moment after that beat.
    /// </summary>
    public bool IsFresh(long beat)
    {
        lock (_gate)
        {
            var term = _length - Margin < _acceptance ? _length - Margin : _acceptance;
            return _beats.Any(sent => sent.Number == beat && clock.GetElapsedTime(sent.SentAt) < term);
        }
    }

    /// <summary>Whether the last beat that left is stored.</summary>
    public bool IsAnswered
    {
        get
        {
            lock (_gate)
                return _stored >= _sent;
        }
    }

    /// <summary>The beat with this number leaves now.</summary>
    public void Sending(long number)
    {
        lock (_gate)
        {
            _sent = number;
            _beats.Enqueue((number, clock.GetTimestamp()));
            if (_beats.Count > MostRemembered)
                _beats.Dequeue();
        }
    }

    /// <summary>Control has stored the beat with this number.</summary>
    public void Stored(long number)
    {
        lock (_gate)
        {
            foreach (var beat in _beats.Where(beat => beat.Number == number))
            {
                _stored = Math.Max(_stored, number);
                Renew(beat.SentAt);
            }
        }
    }

    /// <summary>Control does not know this agent any more: until a beat that leaves later is stored, nothing is its own.</summary>
    public void End()
    {
        lock (_gate)
            _endedAt = _length > TimeSpan.Zero ? clock.GetTimestamp() : _endedAt; // what never began does not end
    }

    private void Renew(long from)
    {
        if (_length > TimeSpan.Zero && !IsHeld)
            _term++;
        _renewedAt = Math.Max(_renewedAt, from);
    }
}
