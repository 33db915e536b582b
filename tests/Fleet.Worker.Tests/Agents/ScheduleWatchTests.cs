using Fleet.Contracts.Agents;
using Fleet.Worker.Agents.Schedules;
using Fleet.Worker.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Worker.Tests.Agents;

/// <summary>An agent fires what it holds, heard or not, and each due time is said until it is stored.</summary>
public sealed class ScheduleWatchTests : IAsyncDisposable
{
    private readonly AgentParts _agent = new(settings => settings.ReportPatienceSeconds = 5);
    private readonly WatchedClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private HeldSchedules _held;
    private ScheduleWatch? _watch;

    public ScheduleWatchTests()
    {
        Directory.CreateDirectory(_agent.Settings.Home);
        _held = new HeldSchedules(_agent.Settings, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
            await Stop();
        await _agent.DisposeAsync();
    }

    [Fact]
    public async Task It_says_what_it_holds_and_what_is_due_until_that_is_stored()
    {
        await Start();
        _agent.Enter();
        (await Said<SchedulesHeld>()).Version.ShouldBe(0);
        Hold(7, Schedule("one", 60, 120), Schedule("off", 60) with { IsEnabled = false });
        (await Said<SchedulesHeld>()).Version.ShouldBe(7);
        await _clock.Pass(30);
        await _clock.Pass(30);
        (await Said<SchedulesFired>()).Due.ShouldBe([Due("one", 60)]);
        await _clock.Pass(5);
        (await Said<SchedulesFired>()).Due.ShouldBe([Due("one", 60)], "nobody has answered");
        _held.Confirm([Due("one", 60)]);
        await _clock.Pass(30);
        await _clock.Pass(25);
        (await Said<SchedulesFired>()).Due.ShouldBe([Due("one", 120)]);
    }

    [Fact]
    public async Task What_was_due_while_it_was_cut_off_or_ended_is_said_afterwards_and_nothing_twice()
    {
        await Start();
        Hold(7, Schedule("one", 60, 120, 180));
        await _clock.Pass(30);
        await _clock.Pass(30); // and nobody is there
        await Eventually.True(() => _held.Owed(9).Count == 1, "it is owed");
        await Stop();
        _clock.Advance(TimeSpan.FromSeconds(70)); // the process is not there either
        _held = new HeldSchedules(_agent.Settings, _clock);
        await Start();
        _agent.Enter();
        (await Said<SchedulesHeld>()).Version.ShouldBe(0, "it is to be told anew: the times in its file may be over soon");
        (await Said<SchedulesFired>()).Due.ShouldBe([Due("one", 60), Due("one", 120)]);
        _held.Confirm([Due("one", 60), Due("one", 120)]);
        _clock.AdjustTime(_clock.Start); // a clock that is set back would show them again
        _held.Look();
        _held.Owed(9).ShouldBeEmpty();
    }

    [Fact]
    public void Other_schedules_begin_now_and_what_was_due_by_the_former_is_owed()
    {
        Hold(1, Schedule("one", 10));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Hold(2, Schedule("two", 15, 30));
        _held.Owed(9).ShouldBe([Due("one", 10)]);
        _held.Look().ShouldBe(At(30));
        Hold(3);
        _held.Look().ShouldBeNull();
        _held.Version.ShouldBe(3);
    }

    private void Hold(long version, params AgentSchedule[] schedules)
    {
        _held.Hold(new HoldSchedules(version, schedules));
        _watch?.SayAgain();
    }

    private AgentSchedule Schedule(string id, params int[] seconds) => new(id, "* * * * *", true, [.. seconds.Select(At)]);

    private ScheduleDue Due(string id, int seconds) => new(id, At(seconds));

    private DateTimeOffset At(int seconds) => _clock.Start.AddSeconds(seconds);

    private async Task Start()
    {
        _watch = new ScheduleWatch(
            _held, _agent.Session, _agent.Exchange, _agent.Settings, _clock, NullLogger<ScheduleWatch>.Instance);
        await _watch.StartAsync(default);
    }

    private async Task Stop()
    {
        await _watch!.StopAsync(default);
        _watch.Dispose();
        _watch = null;
    }

    private async Task<T> Said<T>() => (T)(await _agent.Exchange.NextMessage()).Message;
}
