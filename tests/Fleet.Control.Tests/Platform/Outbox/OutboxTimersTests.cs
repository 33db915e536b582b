using Fleet.Control.Platform.Outbox;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Control.Tests.Platform.Outbox;

/// <summary>When the sweep looks again. Timers are counted in steps of 20 ms, and never ring early.</summary>
public sealed class OutboxTimersTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly OutboxTimers _timers;

    public OutboxTimersTests() => _timers = new OutboxTimers(_clock);

    [Fact]
    public async Task Every_timer_wakes_the_sweep_not_only_the_next_one()
    {
        _timers.Expect(TimeSpan.FromMilliseconds(100));
        _timers.Expect(TimeSpan.FromMilliseconds(300));
        await WakesAfter(TimeSpan.FromMilliseconds(120));
        await WakesAfter(TimeSpan.FromMilliseconds(200));
    }

    [Fact]
    public async Task Without_a_timer_the_sweep_looks_every_two_seconds()
    {
        await WakesAfter(TimeSpan.FromSeconds(2));
        await WakesAfter(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_timer_beyond_the_next_round_is_not_forgotten()
    {
        _timers.Expect(TimeSpan.FromMilliseconds(2300));
        await WakesAfter(TimeSpan.FromSeconds(2));
        await WakesAfter(TimeSpan.FromMilliseconds(320));
    }

    [Fact]
    public async Task A_timer_that_comes_first_shortens_the_wait()
    {
        await WakesAfter(TimeSpan.FromSeconds(2));
        var waiting = _timers.Wait(CancellationToken.None);
        _timers.Expect(TimeSpan.FromSeconds(60));
        _timers.Expect(TimeSpan.FromMilliseconds(50));
        _clock.Advance(TimeSpan.FromMilliseconds(80));
        await waiting.Within();
    }

    [Fact]
    public async Task A_timer_at_the_end_of_time_is_no_trouble()
    {
        _timers.Expect(DateTimeOffset.MaxValue - _clock.GetUtcNow() + TimeSpan.FromSeconds(1));
        _timers.Expect(TimeSpan.FromMilliseconds(20));
        await WakesAfter(TimeSpan.FromMilliseconds(40));
    }

    [Fact]
    public async Task Who_is_told_to_stop_waits_no_longer()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _timers.Wait(stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.Within());
    }

    /// <summary>Then, and not a millisecond earlier.</summary>
    private async Task WakesAfter(TimeSpan time)
    {
        var waiting = _timers.Wait(CancellationToken.None);
        _clock.Advance(time - TimeSpan.FromMilliseconds(1));
        waiting.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await waiting.Within();
    }
}
