using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.When;
using Microsoft.Extensions.Time.Testing;

namespace Fleet.Control.Tests.Schedules.Occurrences;

/// <summary>What each policy makes of due times, as a table: a schedule that is due every hour, looked at some time later.</summary>
public sealed class DuePolicyTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Noon);
    private readonly ScheduleSettings _settings = new();

    [Theory]
    [InlineData(0, "once", "start")]
    [InlineData(9, "none", "start")] // merely late
    [InlineData(11, "none", "missed:not_caught_up")]
    [InlineData(11, "once", "start:caught_up")]
    [InlineData(11, "all", "start:caught_up")]
    public void One_due_time_is_looked_at_some_seconds_later(int seconds, string missed, string expected)
    {
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        Words(Plan(new ScheduleRequest { Missed = Enum.Parse<Missed>(missed, ignoreCase: true) })).ShouldBe([expected]);
    }

    [Fact]
    public void After_an_outage_of_six_hours_the_latest_is_caught_up_once()
    {
        _clock.Advance(TimeSpan.FromHours(6.5));
        var plan = Plan(new ScheduleRequest { Missed = Missed.Once });
        Words(plan).ShouldBe([.. Enumerable.Repeat("missed:later_one_caught_up", 6), "start:caught_up"]);
        plan.Starts.Single().Due.ShouldBe(Noon.AddHours(6));
        plan.NextDue.ShouldBe(Noon.AddHours(7));
        plan.WakeAt(TimeSpan.FromMinutes(1)).ShouldBe(Noon.AddHours(7));
    }

    [Fact]
    public void After_an_outage_all_are_caught_up_within_the_window()
    {
        _clock.Advance(TimeSpan.FromHours(6.5));
        Words(Plan(new ScheduleRequest { Missed = Missed.All, CatchUpS = 3 * 3600 })).ShouldBe(
            [.. Enumerable.Repeat("missed:catch_up_window", 4), .. Enumerable.Repeat("start:caught_up", 3)]);
    }

    [Fact]
    public void After_an_outage_none_is_caught_up_if_so_wanted_but_what_is_due_now()
    {
        _clock.Advance(TimeSpan.FromHours(6) + TimeSpan.FromSeconds(2));
        Words(Plan(new ScheduleRequest { Missed = Missed.None })).ShouldBe([.. Enumerable.Repeat("missed:not_caught_up", 6), "start"]);
    }

    [Fact]
    public void What_is_too_late_for_its_deadline_does_not_start()
    {
        _clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(90));
        Words(Plan(new ScheduleRequest { Missed = Missed.All, StartingDeadlineS = 120 })).ShouldBe(
            ["late:starting_deadline", "late:starting_deadline", "start:caught_up"]);
    }

    [Theory]
    [InlineData("allow", "start", false)]
    [InlineData("skip", "skipped:still_running", false)]
    [InlineData("bufferone", "waits", false)]
    [InlineData("cancelother", "waits", true)]
    public void What_runs_meets_what_is_due_as_the_overlap_policy_says(string overlap, string expected, bool cancels)
    {
        var plan = Plan(new ScheduleRequest { Overlap = Enum.Parse<Overlap>(overlap, ignoreCase: true) }, open: 1);
        Words(plan).ShouldBe([expected]);
        plan.CancelsOpen.ShouldBe(cancels);
    }

    [Fact]
    public void Of_several_that_wait_the_latest_stays()
    {
        _clock.Advance(TimeSpan.FromHours(2));
        var plan = Plan(new ScheduleRequest { Overlap = Overlap.BufferOne, Missed = Missed.All }, open: 1);
        Words(plan).ShouldBe(["superseded:replaced", "superseded:replaced", "waits"]);
        plan.Pending!.Due.ShouldBe(Noon.AddHours(2));
    }

    [Fact]
    public void What_waits_starts_when_nothing_runs_any_more()
    {
        _clock.Advance(TimeSpan.FromMinutes(20));
        var row = Row();
        (row.PendingDue, row.NextDue) = (Noon, Noon.AddHours(1));
        Words(Plan(new ScheduleRequest { Overlap = Overlap.BufferOne }, open: 1, row: row)).ShouldBe(["waits"]);
        Words(Plan(new ScheduleRequest { Overlap = Overlap.BufferOne }, row: row)).ShouldBe(["start:buffered"]);
        Words(Plan(new ScheduleRequest { Overlap = Overlap.BufferOne, StartingDeadlineS = 60 }, row: row))
            .ShouldBe(["late:starting_deadline"]);
    }

    [Fact]
    public void A_freeze_stops_what_is_due_and_the_outcome_says_so()
    {
        var plan = Plan(new ScheduleRequest { Overlap = Overlap.CancelOther }, open: 1, frozen: "The freeze winter stops it.");
        Words(plan).ShouldBe(["skipped:frozen"]);
        plan.Recorded.Single().Detail.ShouldBe("The freeze winter stops it.");
        plan.CancelsOpen.ShouldBeFalse();
    }

    [Fact]
    public void A_start_that_is_refused_is_tried_again_after_growing_pauses_and_then_has_failed()
    {
        var retry = new ScheduleRequest { Retry = new RetryRequest(Max: 2, BackoffS: 30) };
        var row = Row();
        var (pauses, refused) = (new List<TimeSpan>(), new BuiltSubmission(null, "target_gone", "It is gone."));
        for (var tries = 0; tries < 2; tries++)
        {
            var plan = Plan(retry, row: row);
            plan.Refuse(plan.Starts.Single(), refused);
            pauses.Add(plan.Pending!.RetryAt!.Value - _clock.GetUtcNow());
            (row.NextDue, row.PendingDue, row.PendingRetryAt, row.PendingTries) =
                (plan.NextDue, plan.Pending.Due, plan.Pending.RetryAt, plan.Pending.Tries);
            _clock.SetUtcNow(plan.Pending.RetryAt.Value);
        }

        pauses.ShouldBe([TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)]);
        var last = Plan(retry, row: row);
        last.Starts.Single().Reason.ShouldBe("retried");
        last.Refuse(last.Starts.Single(), refused);
        Words(last).ShouldBe(["failed:target_gone"]);
    }

    [Fact]
    public void A_long_backlog_is_decided_about_in_parts_and_no_due_time_twice()
    {
        _clock.Advance(TimeSpan.FromDays(100));
        var (row, seen) = (Row(), new List<DateTimeOffset>());
        while (row.NextDue <= _clock.GetUtcNow())
        {
            var plan = Plan(new ScheduleRequest { Missed = Missed.Once }, row: row);
            seen.AddRange(plan.Recorded.Select(one => one.Due).Concat(plan.Starts.Select(start => start.Due)));
            row.NextDue = plan.NextDue;
        }

        seen.ShouldBe(Enumerable.Range(0, (100 * 24) + 1).Select(hour => Noon.AddHours(hour)));
    }

    private static Schedule Row() => new() { CorrelationId = Guid.CreateVersion7(), NextDue = Noon };

    private DuePlan Plan(ScheduleRequest wanted, int open = 0, string? frozen = null, Schedule? row = null)
    {
        var zone = new ZoneTimes(TimeZoneInfo.Utc);
        var hourly = new Interval(Noon, TimeSpan.FromHours(1));
        var terms = new ScheduleTerms(
            wanted, new Timetable(hourly, zone, TimetableBounds.None), new Recurring(hourly, zone), "job", "{}", ["noop"]);
        return new DuePolicy(row ?? Row(), terms, open, frozen, _settings, _clock.GetUtcNow()).Decide();
    }

    private static List<string> Words(DuePlan plan) =>
    [
        .. plan.Recorded.Select(one => (one.Due, Word: one.Reason is null ? one.Outcome : $"{one.Outcome}:{one.Reason}"))
            .Concat(plan.Starts.Select(start => (start.Due, Word: start.Reason is null ? "start" : $"start:{start.Reason}")))
            .Concat(plan.Pending is { } pending ? [(pending.Due, "waits")] : [])
            .OrderBy(one => one.Due).Select(one => one.Word),
    ];
}
