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
        var timer = new WatchedTimer(this, dueTime);
        lock (_gate)
            _waiting.Add(timer);
        timer.Start(base.CreateTimer(over => timer.Over(() => callback(over)), state, dueTime, period));
        return timer;
    }

    /// <summary>Passes when somebody waits for exactly this long.</summary>
    public async Task Pass(double seconds)
    {
        await Awaited(seconds);
        Advance(TimeSpan.FromSeconds(seconds));
    }

    /// <summary>Passes in such steps, each when somebody waits for it, until the task is over.</summary>
    public Task PassUntilOver(Task task, double seconds) => Eventually.True(
        () =>
        {
            if (!task.IsCompleted && IsAwaited(TimeSpan.FromSeconds(seconds)))
                Advance(TimeSpan.FromSeconds(seconds));
            return task.IsCompleted;
        },
        "what is waited for is over");

    public Task Awaited(double seconds) =>
        Eventually.True(() => IsAwaited(TimeSpan.FromSeconds(seconds)), $"somebody waits for {seconds} s");

    private bool IsAwaited(TimeSpan time)
    {
        lock (_gate)
            return _waiting.Exists(timer => timer.DueTime == time);
    }

    private void Forget(WatchedTimer timer)
    {
        lock (_gate)
            _waiting.Remove(timer);
    }

    private sealed class WatchedTimer(WatchedClock clock, TimeSpan dueTime) : ITimer
    {
        private ITimer? _timer;

        public TimeSpan DueTime => dueTime;

        public void Start(ITimer timer) => _timer = timer;

        public void Over(Action callback)
        {
            clock.Forget(this);
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer!.Change(dueTime, period);

        public void Dispose()
        {
            clock.Forget(this);
            _timer?.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
