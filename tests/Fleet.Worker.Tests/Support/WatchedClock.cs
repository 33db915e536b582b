using Microsoft.Extensions.Time.Testing;

namespace Fleet.Worker.Tests.Support;

/// <summary>Time that stands still until somebody is known to wait for it.</summary>
internal sealed class WatchedClock : FakeTimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<WatchedTimer> _waiting = [];

    /// <param name="now">Where it is compared with times of others.</param>
    public WatchedClock(DateTimeOffset? now = null)
        : base(now ?? TimeProvider.System.GetUtcNow())
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new WatchedTimer(this, dueTime, base.CreateTimer(callback, state, dueTime, period));
        lock (_gate)
            _waiting.Add(timer);
        return timer;
    }

    /// <summary>Passes when somebody waits for exactly this long.</summary>
    public async Task Pass(double seconds)
    {
        await Awaited(seconds);
        Advance(TimeSpan.FromSeconds(seconds));
    }

    public Task Awaited(double seconds) =>
        Eventually.True(() => IsAwaited(TimeSpan.FromSeconds(seconds)), $"somebody waits for {seconds} s");

    private bool IsAwaited(TimeSpan time)
    {
        lock (_gate)
            return _waiting.Exists(timer => timer.DueTime == time);
    }

    private sealed class WatchedTimer(WatchedClock clock, TimeSpan dueTime, ITimer timer) : ITimer
    {
        public TimeSpan DueTime => dueTime;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            lock (clock._gate)
                clock._waiting.Remove(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
