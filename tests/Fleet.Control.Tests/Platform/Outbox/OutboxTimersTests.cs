using System.Diagnostics;
using Fleet.Control.Platform.Outbox;

namespace Fleet.Control.Tests.Platform.Outbox;

/// <summary>When the sweep looks again.</summary>
public sealed class OutboxTimersTests : IDisposable
{
    private readonly OutboxTimers _timers = new(TimeProvider.System);

    public void Dispose() => _timers.Dispose();

    [Fact]
    public async Task Every_timer_wakes_the_sweep_not_only_the_next_one()
    {
        _timers.Expect(TimeSpan.FromMilliseconds(100));
        _timers.Expect(TimeSpan.FromMilliseconds(300));
        var since = Stopwatch.GetTimestamp();
        await _timers.Wait(CancellationToken.None);
        await _timers.Wait(CancellationToken.None);
        Stopwatch.GetElapsedTime(since).ShouldBeInRange(TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(1500));
    }

    [Fact]
    public async Task A_timer_beyond_the_next_round_is_not_forgotten()
    {
        _timers.Expect(TimeSpan.FromMilliseconds(2300));
        var since = Stopwatch.GetTimestamp();
        await _timers.Wait(CancellationToken.None); // the round of two seconds
        await _timers.Wait(CancellationToken.None);
        Stopwatch.GetElapsedTime(since).ShouldBeInRange(TimeSpan.FromMilliseconds(2200), TimeSpan.FromMilliseconds(3800));
    }

    [Fact]
    public async Task A_timer_that_comes_first_shortens_the_wait()
    {
        var since = Stopwatch.GetTimestamp();
        var waiting = _timers.Wait(CancellationToken.None);
        _timers.Expect(TimeSpan.FromSeconds(60));
        _timers.Expect(TimeSpan.FromMilliseconds(50));
        await waiting;
        Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromMilliseconds(1500));
    }

    [Fact]
    public async Task A_timer_at_the_end_of_time_is_no_trouble()
    {
        _timers.Expect(DateTimeOffset.MaxValue - DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1));
        _timers.Expect(TimeSpan.FromMilliseconds(20));
        await _timers.Wait(CancellationToken.None);
    }
}
