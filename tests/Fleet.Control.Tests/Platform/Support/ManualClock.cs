namespace Fleet.Control.Tests.Platform.Support;

/// <summary>A clock that stands still until a test moves it; timers that become due run at once.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Alarm> _alarms = [];
    private DateTimeOffset _now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that somebody waits for.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _alarms.Count(alarm => alarm.At is not null);
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, () => callback(state));
        alarm.Change(dueTime, period);
        return alarm;
    }

    public void Advance(TimeSpan time)
    {
        List<Alarm> due;
        lock (_gate)
        {
            _now += time;
            due = [.. _alarms.Where(alarm => alarm.At <= _now)];
            due.ForEach(alarm => alarm.At = null);
        }

        due.ForEach(alarm => alarm.Ring());
    }

    private sealed class Alarm : ITimer
    {
        private readonly ManualClock _clock;

        public Alarm(ManualClock clock, Action ring)
        {
            _clock = clock;
            Ring = ring;
            lock (clock._gate)
                clock._alarms.Add(this);
        }

        public Action Ring { get; }

        public DateTimeOffset? At { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._gate)
                At = dueTime == Timeout.InfiniteTimeSpan ? null : _clock._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (_clock._gate)
                _clock._alarms.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
