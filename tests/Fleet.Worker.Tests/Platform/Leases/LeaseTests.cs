using Fleet.Worker.Platform.Leases;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Worker.Tests.Platform.Leases;

public class LeaseTests
{
    private static readonly TimeSpan _acceptance = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _clock = new();
    private readonly WorkerSettings _settings = new();

    [Fact]
    public void Nothing_is_held_before_the_welcome() => NewLease().IsHeld.ShouldBeFalse();

    [Fact]
    public void It_runs_from_the_moment_the_registration_was_sent()
    {
        var lease = NewLease();
        var asked = lease.Now;
        Pass(10);
        lease.Begin(TimeSpan.FromSeconds(45), _acceptance, asked);
        lease.Left.ShouldBe(TimeSpan.FromSeconds(45 - 9 - 10));
        Pass(25.9);
        lease.IsHeld.ShouldBeTrue();
        Pass(0.2);
        lease.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void A_stored_beat_renews_it_from_the_moment_the_beat_was_sent()
    {
        var lease = Begun();
        lease.Sending(1);
        Pass(8);
        lease.Sending(2);
        Pass(8);
        lease.Stored(1);
        lease.Left.ShouldBe(TimeSpan.FromSeconds(36 - 16));
        lease.Stored(2);
        lease.Left.ShouldBe(TimeSpan.FromSeconds(36 - 8));
    }

    [Fact]
    public void A_repeated_welcome_renews_nothing()
    {
        var lease = Begun();
        Pass(20);
        lease.Begin(TimeSpan.FromSeconds(45), _acceptance, lease.Now);
        lease.Left.ShouldBe(TimeSpan.FromSeconds(36 - 20));
    }

    [Fact]
    public void What_only_the_broker_took_renews_nothing()
    {
        var lease = Begun();
        for (var number = 1; number <= 4; number++)
        {
            Pass(10);
            lease.Sending(number);
        }

        lease.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public void Answers_that_come_twice_late_or_from_nowhere_never_shorten_or_lengthen_it()
    {
        var lease = Begun();
        lease.Sending(1);
        Pass(5);
        lease.Sending(2);
        lease.Stored(2);
        Pass(5);
        lease.Stored(2);
        lease.Stored(1);
        lease.Stored(99);
        lease.Left.ShouldBe(TimeSpan.FromSeconds(36 - 5));
    }

    [Fact]
    public void After_its_end_a_stored_beat_begins_it_again()
    {
        var lease = Begun();
        Pass(100);
        lease.IsHeld.ShouldBeFalse();
        lease.Sending(11);
        lease.Stored(11);
        lease.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public void Ended_by_Control_it_begins_again_with_a_beat_that_leaves_later()
    {
        var lease = Begun();
        lease.Sending(1);
        Pass(1);
        lease.End();
        lease.IsHeld.ShouldBeFalse();
        lease.Stored(1);
        lease.IsHeld.ShouldBeFalse("the beat had left before");
        Pass(1);
        lease.Sending(2);
        lease.Stored(2);
        lease.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public void What_never_began_does_not_end()
    {
        var lease = NewLease();
        var asked = lease.Now;
        Pass(1);
        lease.End();
        lease.Begin(TimeSpan.FromSeconds(45), _acceptance, asked);
        lease.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public void What_Control_said_is_to_be_begun_for_as_long_as_Control_waits_at_least()
    {
        var lease = Begun();
        lease.IsFresh(0).ShouldBeTrue();
        Pass(10);
        lease.Sending(1);
        Pass(6);
        lease.IsFresh(0).ShouldBeFalse("it has been 16 s since the registration");
        lease.IsFresh(1).ShouldBeTrue();
        lease.IsFresh(2).ShouldBeFalse("no such beat was sent");
        Pass(10);
        lease.IsFresh(1).ShouldBeFalse();
    }

    [Fact]
    public void What_was_said_before_the_lease_was_over_is_not_begun_when_it_is_held_again()
    {
        var lease = Begun(length: 8); // 5 s on this side
        lease.Sending(1);
        lease.Stored(1);
        Pass(6);
        lease.Sending(2);
        lease.Stored(2);
        lease.IsHeld.ShouldBeTrue();
        lease.IsFresh(1).ShouldBeFalse();
        lease.IsFresh(2).ShouldBeTrue();
    }

    [Theory]
    [InlineData(45, null, 9)]
    [InlineData(10, null, 3)]
    [InlineData(4, null, 2)]
    [InlineData(45, 5.0, 5)]
    [InlineData(10, 100.0, 5)]
    public void It_ends_here_before_it_ends_there(double length, double? setting, double margin)
    {
        _settings.LeaseMarginSeconds = setting;
        Begun(length).Margin.ShouldBe(TimeSpan.FromSeconds(margin));
    }

    [Fact]
    public async Task The_clock_of_the_host_goes_on()
    {
        var clock = new BootClock();
        var before = clock.GetTimestamp();
        await Eventually.True(() => clock.GetElapsedTime(before) >= TimeSpan.FromMilliseconds(10), "it goes on");
    }

    private Lease NewLease() => new(_clock, _settings);

    private Lease Begun(double length = 45)
    {
        var lease = NewLease();
        lease.Begin(TimeSpan.FromSeconds(length), _acceptance, lease.Now);
        return lease;
    }

    private void Pass(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));
}
