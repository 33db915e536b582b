using System.Globalization;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Schedules.Backfills;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.When;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Schedules.Support;
using Fleet.Control.Tests.Support;

namespace Fleet.Control.Tests.Schedules.Occurrences;

/// <summary>Due times, what they start, and how that ends: in the database, by simulated time.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly DatabaseFixture _house = new();
    private readonly SimulatedClock _clock = new(Noon);
    private TestControl _control = null!;

    public async Task InitializeAsync()
    {
        await _house.InitializeAsync();
        _control = await TestControl.Start(_house, services => services.AddSingleton<TimeProvider>(_clock));
    }

    public async Task DisposeAsync()
    {
        await _control.DisposeAsync();
        await _house.DisposeAsync();
    }

    [Fact]
    public async Task A_due_time_starts_its_job_once_and_the_end_of_the_job_is_linked_to_it()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly);
        (await _control.SayDue()).ShouldBe(0);
        await At(13);
        (await _control.SayDue()).ShouldBe(0);
        var started = (await _house.Occurrences(schedule)).Single();
        (started.Outcome, started.DueAt, started.IsOpen).ShouldBe(("started", Noon.AddHours(1), true));
        (await _house.Job(started.WorkId!.Value)).Name.ShouldBe("hourly 2030-01-31T13:00:00Z");
        await _control.Finish(started.WorkId.Value);
        (await _house.Job(started.WorkId.Value)).State.ShouldBe("Succeeded");
        var ended = (await _house.Occurrences(schedule)).Single();
        (ended.WorkState, ended.IsOpen).ShouldBe(("succeeded", false));
        ended.EndedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_says_due_and_however_often_nothing_starts_twice()
    {
        await using var other = await TestControl.Start(_house, services => services.AddSingleton<TimeProvider>(_clock));
        var schedule = await _control.Schedule(TestSchedules.Hourly with { When = new WhenRequest { EveryS = 1 } });
        for (var second = 1; second <= 1000; second++)
        {
            _clock.Set(Noon.AddSeconds(second));
            await Task.WhenAll(_control.SayDue(), other.SayDue(), _control.SayDue());
        }

        var occurrences = await _house.Occurrences(schedule);
        occurrences.Index().Count(one => one.Item.DueAt == Noon.AddSeconds(one.Index + 1)).ShouldBe(1000);
        occurrences.Count.ShouldBe(1000);
        occurrences.ShouldAllBe(one => one.Outcome == "started");
        (await _house.Ask<long>("select count(*) from work")).ShouldBe(1000);
    }

    [Theory]
    [InlineData("2030-03-30T00:00:00Z", "2030-03-30T01:30:00Z 2030-03-31T01:00:00Z 2030-04-01T00:30:00Z")] // 02:30 is not there on the 31st
    [InlineData("2030-10-26T00:00:00Z", "2030-10-26T00:30:00Z 2030-10-27T00:30:00Z 2030-10-28T01:30:00Z")] // and is there twice on the 27th
    public async Task When_clocks_change_each_day_has_one_start_whoever_says_due_and_a_clock_that_falls_back_repeats_none(
        string from, string expected)
    {
        var begin = DateTimeOffset.Parse(from, CultureInfo.InvariantCulture);
        _clock.Set(begin);
        await using var other = await TestControl.Start(_house, services => services.AddSingleton<TimeProvider>(_clock));
        var schedule = await _control.Schedule(TestSchedules.Hourly with
        {
            When = new WhenRequest { Cron = "30 2 * * *", TimeZone = "Europe/Berlin" },
        });
        for (var half = 1; half <= 120; half++)
        {
            _clock.Set(begin.AddMinutes(30 * half));
            await Task.WhenAll(_control.SayDue(), other.SayDue());
            _clock.Set(begin.AddMinutes(30 * half - 45)); // the clock on the wall is set back, and forward again
            await Task.WhenAll(_control.SayDue(), other.SayDue());
        }

        var occurrences = await _house.Occurrences(schedule);
        occurrences.ShouldAllBe(one => one.Outcome == "started");
        string.Join(' ', occurrences.Select(one => one.DueAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)))
            .ShouldBe(expected);
        (await _house.Ask<long>("select count(*) from work")).ShouldBe(3);
    }

    [Theory]
    [InlineData("every_s")]
    [InlineData("cron")]
    public async Task An_hour_that_is_there_twice_is_passed_by_intervals_twice_and_by_wall_clocks_once(string by)
    {
        var begin = new DateTimeOffset(2030, 10, 26, 23, 0, 0, TimeSpan.Zero);
        _clock.Set(begin);
        var schedule = await _control.Schedule(TestSchedules.Hourly with
        {
            When = by == "cron"
                ? new WhenRequest { Cron = "15 2 * * *", TimeZone = "Europe/Berlin" }
                : new WhenRequest { EveryS = 3600, TimeZone = "Europe/Berlin" },
        });
        for (var quarter = 1; quarter <= 16; quarter++)
        {
            _clock.Set(begin.AddMinutes(15 * quarter));
            await _control.SayDue();
        }

        (await _house.Occurrences(schedule)).Count.ShouldBe(by == "cron" ? 1 : 4);
    }

    [Fact]
    public async Task An_outage_of_six_hours_is_told_once_and_the_latest_is_caught_up()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly);
        await Endpoint("schedule.*");
        await At(13);
        await At(19, minute: 30);
        (await _house.Outcomes(schedule)).ShouldBe(
            ["started", .. Enumerable.Repeat("missed:later_one_caught_up", 5), "started:caught_up"]);
        (await _house.Ask<string>("select string_agg(type || ' ' || (data::jsonb ->> 'count'), ',') from webhook_deliveries"))
            .ShouldBe("schedule.missed 5");
    }

    [Fact]
    public async Task What_waits_for_the_end_of_what_runs_starts_when_it_has_ended()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly with { Overlap = Overlap.BufferOne });
        await At(13);
        await At(14);
        await At(15);
        (await _house.Outcomes(schedule)).ShouldBe(["started", "superseded:replaced"]);
        await _control.Finish((await _house.Occurrences(schedule))[0].WorkId!.Value);
        await At(15, minute: 20);
        (await _house.Outcomes(schedule)).ShouldBe(["started", "superseded:replaced", "started:buffered"]);
        (await _house.Schedule(schedule)).WakeAt.ShouldBe(Noon.AddHours(4));
    }

    [Fact]
    public async Task What_runs_is_cancelled_and_then_the_next_starts()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly with { Overlap = Overlap.CancelOther });
        await At(13);
        await At(14);
        (await _house.Outcomes(schedule)).ShouldBe(["started", "started:buffered"]);
        (await _house.Occurrences(schedule)).Select(one => one.WorkState).ShouldBe(["cancelled", null]);
    }

    [Fact]
    public async Task A_freeze_stops_fires_and_the_outcome_names_it()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly);
        await _control.Get<FreezeStore>().Put(
            new Freeze { Name = "winter", Kinds = ["noop"], Reason = "No changes", At = Noon }, CancellationToken.None);
        await At(13);
        await _control.Get<FreezeStore>().Remove("default", "winter", CancellationToken.None);
        await At(14);
        (await _house.Outcomes(schedule)).ShouldBe(["skipped:frozen", "started"]);
        (await _house.Occurrences(schedule))[0].Detail!.ShouldContain("winter");
    }

    [Fact]
    public async Task A_schedule_whose_target_is_gone_says_so_and_that_it_fails_again_and_again()
    {
        await Endpoint("schedule.*");
        var schedule = await _control.Schedule(TestSchedules.Hourly with
        {
            Start = TestSchedules.Job("""{"kind": "noop", "target": {"agent": "worker-9"}}"""),
        });
        for (var hour = 13; hour < 17; hour++)
            await At(hour);
        (await _house.Outcomes(schedule)).Distinct().ShouldBe(["failed:target_gone"]);
        (await _house.Occurrences(schedule))[0].Detail!.ShouldContain("worker-9");
        (await _house.Ask<string>("select string_agg(type, ',' order by type) from webhook_deliveries")).ShouldBe(
            "schedule.failed,schedule.failed,schedule.failed,schedule.failed,schedule.failing");
    }

    [Fact]
    public async Task Work_that_fails_three_times_in_a_row_is_told_and_a_success_is_a_new_beginning()
    {
        await Endpoint("schedule.failing");
        var schedule = await _control.Schedule(TestSchedules.Hourly);
        for (var hour = 13; hour < 16; hour++)
        {
            await At(hour);
            await _control.Finish((await _house.Occurrences(schedule))[^1].WorkId!.Value, succeeds: false);
        }

        await _control.SayDue();
        (await _house.Schedule(schedule)).Failures.ShouldBe(3);
        (await _house.Ask<long>("select count(*) from webhook_deliveries")).ShouldBe(1);
        await At(16);
        await _control.Finish((await _house.Occurrences(schedule))[^1].WorkId!.Value);
        (await _house.Schedule(schedule)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_decided_about_does_not_hold_up_the_others()
    {
        var broken = await _control.Schedule(TestSchedules.Hourly);
        var sound = await _control.Schedule(TestSchedules.Hourly);
        await _house.Do($$"""update schedules set revision = 2, definition = '{"name": "?"}' where id = '{{broken}}'""");
        await At(13);
        (await _house.Outcomes(sound)).ShouldBe(["started"]);
        (await _house.Schedule(broken)).WakeAt.ShouldBe(Noon.AddMinutes(61));
        _control.Log.Lines.ShouldContain(line => line.Contains("put off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_thousand_past_due_times_are_made_up_for_five_at_a_time()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly with { When = new WhenRequest { Cron = "* * * * *" } });
        await Backfill(schedule, Noon.AddMinutes(-1000), Noon, concurrency: 5);
        var most = 0L;
        while (await _control.Get<BackfillWorker>().Take(CancellationToken.None))
        {
            var open = await _house.Ask<Guid[]>("select coalesce(array_agg(work_id), '{}') from schedule_occurrences where is_open");
            most = Math.Max(most, open.Length);
            await Task.WhenAll(open.Select(job => _control.Finish(job)));
        }

        most.ShouldBe(5);
        var made = await _house.Occurrences(schedule);
        made.Select(one => one.DueAt).ShouldBe(Enumerable.Range(0, 1000).Select(minute => Noon.AddMinutes(minute - 1000)));
        made.ShouldAllBe(one => one.Outcome == "started" && one.Reason == "backfill" && one.WorkState == "succeeded");
        (await _house.Ask<string>("select state || ' ' || started from schedule_backfills")).ShouldBe("done 1000");
    }

    [Fact]
    public async Task A_backfill_leaves_alone_what_waits_and_stops_nobody()
    {
        var schedule = await _control.Schedule(TestSchedules.Hourly with { Overlap = Overlap.BufferOne });
        var other = await _control.Schedule(TestSchedules.Hourly);
        await At(13);
        await At(14);
        (await _house.Schedule(schedule)).PendingDue.ShouldBe(Noon.AddHours(2));
        await Backfill(schedule, Noon.AddHours(-1), Noon.AddHours(3), concurrency: 10);
        while (await _control.Get<BackfillWorker>().Take(CancellationToken.None))
        {
            // until it is done
        }

        for (var hour = 14; hour <= 15; hour++)
        {
            foreach (var started in (await _house.Occurrences(schedule)).Where(one => one.IsOpen))
                await _control.Finish(started.WorkId!.Value);
            await At(hour);
        }

        foreach (var started in (await _house.Occurrences(schedule)).Where(one => one.IsOpen))
            await _control.Finish(started.WorkId!.Value);
        await At(15, 1);
        (await _house.Occurrences(schedule)).Select(one => one.DueAt)
            .ShouldBe([Noon.AddHours(-1), Noon, Noon.AddHours(1), Noon.AddHours(2), Noon.AddHours(3)], "each once");
        (await _house.Occurrences(other)).Count.ShouldBe(3);
    }

    private async Task Backfill(Guid schedule, DateTimeOffset from, DateTimeOffset until, int concurrency)
    {
        var backfill = new Backfill
        {
            CorrelationId = Guid.CreateVersion7(),
            ScheduleId = schedule,
            From = from,
            Until = until,
            Concurrency = concurrency,
            Total = 1000,
        };
        await _control.Commit(unit =>
        {
            unit.Add(backfill);
            return Task.CompletedTask;
        });
    }

    private async Task At(int hour, int minute = 0)
    {
        _clock.Set(Noon.AddHours(hour - 12).AddMinutes(minute));
        while (await _control.SayDue() > 0)
        {
            // until nothing is due
        }
    }

    /// <summary>Somebody subscribed: what is owed to him lies in a table.</summary>
    private Task Endpoint(string types) => _house.Do(string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        insert into webhook_endpoints (id, tenant, url, event_types, description, enabled, secret, created_at, updated_at)
        values (gen_random_uuid(), 'default', 'http://127.0.0.1:9/', '{"{{types}}"}', '', true, 'whsec_AAAA', now(), now())
        """));
}
