using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.Timing;
using Fleet.Control.Schedules.When;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;
using Quartz;

namespace Fleet.Control.Tests.Schedules.Timing;

/// <summary>Two Controls with a real Quartz each, clustered over one database and by its clock.</summary>
public sealed class ClusterTests : IAsyncLifetime
{
    private readonly DatabaseFixture _house = new();
    private readonly JumpingClock _firstClock = new();
    private readonly JumpingClock _secondClock = new();
    private TestControl _first = null!;
    private TestControl _second = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _first = await Start(_firstClock);
        _second = await Start(_secondClock);
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task Every_second_is_started_once_while_clocks_jump_and_a_Control_goes()
    {
        var schedule = await _first.Schedule(TestSchedules.Hourly with { When = new WhenRequest { EveryS = 1 } });
        await Started(schedule, 2);
        _firstClock.Jump(TimeSpan.FromHours(1));
        await Started(schedule, 4);
        _firstClock.Jump(TimeSpan.FromHours(-3));
        _secondClock.Jump(TimeSpan.FromDays(-1));
        await Started(schedule, 7);
        await _first.Stop<DueWatch>();
        await _first.Stop<QuartzHostedService>();
        await Started(schedule, 10);
        var occurrences = await _house.Occurrences(schedule);
        occurrences.Index().ShouldAllBe(one => one.Item.DueAt == occurrences[0].DueAt.AddSeconds(one.Index));
        occurrences.ShouldAllBe(one => one.Outcome == Outcomes.Started);
        (await _house.Ask<long>("select count(*) from work")).ShouldBe(occurrences.Count);
    }

    [Theory]
    [InlineData("update qrtz_triggers set trigger_state = 'ACQUIRED', next_fire_time = next_fire_time - 60000000", "ACQUIRED")]
    [InlineData("update qrtz_triggers set trigger_state = 'ERROR', next_fire_time = next_fire_time - 60000000", "ERROR")]
    [InlineData("update qrtz_triggers set trigger_state = 'BLOCKED', next_fire_time = next_fire_time - 60000000", "BLOCKED")]
    public async Task A_trigger_that_is_stuck_goes_on_and_shows_that_it_was_repaired(string stick, string state)
    {
        var schedule = await _first.Schedule(TestSchedules.Hourly with { When = new WhenRequest { EveryS = 1 } });
        await Started(schedule, 1);
        var lanes = _first.Get<LaneStore>();
        LaneView lane = null!;
        await Eventually.True(
            async () =>
            {
                lane = (await lanes.Find(0, CancellationToken.None))!;
                if (lane.Repairs == 0)
                    await _house.Do(stick); // a fire that was under way may have undone it
                return lane.Repairs > 0;
            },
            "it is repaired");
        lane.Trouble.ShouldBe(state.ToLowerInvariant());
        _first.Log.Lines.Concat(_second.Log.Lines).ShouldContain(line => line.Contains($"({state})", StringComparison.Ordinal));
        await Eventually.True(
            async () => (lane = (await lanes.Find(0, CancellationToken.None))!).PromptedAt > lane.RepairedAt, "Quartz says due again");
        await Started(schedule, (await _house.Occurrences(schedule)).Count + 2);
    }

    [Fact]
    public async Task While_the_database_refuses_to_let_Quartz_take_a_trigger_each_due_time_is_started_all_the_same()
    {
        var schedule = await _first.Schedule(TestSchedules.Hourly with { When = new WhenRequest { EveryS = 1 }, Missed = Missed.All });
        await Started(schedule, 1);
        await _house.Do(
            """
            create function refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$;
            create trigger refuse before update on qrtz_triggers for each row when (new.trigger_state = 'ACQUIRED')
                execute function refuse()
            """);
        await Started(schedule, (await _house.Occurrences(schedule)).Count + 10); // longer than a trigger may be silent
        await _house.Do("drop trigger refuse on qrtz_triggers");
        var since = _first.Get<DatabaseClock>().Now;
        var lanes = _first.Get<LaneStore>();
        foreach (var lane in Lanes.All)
        {
            await Eventually.True(
                async () => (await lanes.Find(lane, CancellationToken.None))!.PromptedAt > since, "Quartz says due again");
        }

        await _first.Get<ScheduleOperations>().Pause(
            new Request(TestSchedules.Admin), await _house.Schedule(schedule), cascade: false, CancellationToken.None);
        var occurrences = await _house.Occurrences(schedule);
        occurrences.ShouldAllBe(one => one.Outcome == Outcomes.Started);
        occurrences.Zip(occurrences.Skip(1)).ShouldAllBe(pair => pair.Second.DueAt - pair.First.DueAt == TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Triggers_that_are_gone_are_made_again()
    {
        await Eventually.True(async () => await Triggers() == Lanes.Count, "they are there");
        await _house.Do("delete from qrtz_simple_triggers; delete from qrtz_triggers");
        await Eventually.True(async () => await Triggers() == Lanes.Count, "they are there again");
    }

    private Task<long> Triggers() => _house.Ask<long>("select count(*) from qrtz_triggers where trigger_group = 'due'");

    private Task Started(Guid schedule, int least) => Eventually.True(
        async () => (await _house.Occurrences(schedule)).Count >= least, $"{least} have started");

    private async Task<TestControl> Start(TimeProvider clock)
    {
        var control = TestControl.On(_house, services => services.AddSingleton(clock));
        await control.Start<DatabaseClock>();
        await control.Start<GroupCommit>();
        await control.Start<Leadership>();
        await control.Start<QuartzHostedService>();
        await control.Start<DueWatch>();
        return control;
    }

    /// <summary>A clock on the wall that somebody sets; what measures time does not notice.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private long _ahead;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ahead));

        public void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
    }
}
