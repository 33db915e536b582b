using System.Globalization;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Tests.Schedules.When;

/// <summary>Due times by the clock, by the calendar and by their bounds.</summary>
public sealed class WhenTests
{
    private static readonly DateTimeOffset Created = At("2026-11-01T00:00:00Z");

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 is skipped: 03:00 is the first instant after it
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")] // 02:30 comes twice: the first one
    public void A_time_that_does_not_exist_or_comes_twice_is_due_once(string from, string due)
    {
        var table = Table(new WhenRequest { Cron = "30 2 * * *", TimeZone = "Europe/Berlin" });
        var times = table.From(At(from)).Take(2).ToList();
        times[0].ShouldBe(At(due));
        (times[1] - times[0]).ShouldBeGreaterThan(TimeSpan.FromHours(22));
    }

    [Fact]
    public void Several_times_in_a_gap_are_due_once_at_its_end()
    {
        var table = Table(new WhenRequest { Cron = "0,15,30,45 2 * * *", TimeZone = "Europe/Berlin" });
        table.From(At("2026-03-29T00:00:00Z")).Take(2).ShouldBe([At("2026-03-29T01:00:00Z"), At("2026-03-30T00:00:00Z")]);
    }

    [Fact]
    public void A_calendar_goes_by_wall_clocks_and_an_interval_by_elapsed_time()
    {
        var calendar = Table(new WhenRequest
        {
            Calendar = new CalendarRequest { At = "09:00", Days = ["mon-fri", "satL"] },
            TimeZone = "Europe/Berlin",
        });
        calendar.From(At("2026-10-23T12:00:00Z")).Take(8).Select(due => due.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture)).ShouldBe(
            ["10-26 08:00", "10-27 08:00", "10-28 08:00", "10-29 08:00", "10-30 08:00", "10-31 08:00", "11-02 08:00", "11-03 08:00"]);
        var interval = Table(new WhenRequest { EveryS = 86_400, From = At("2026-10-24T07:00:00Z") });
        interval.From(At("2026-10-24T00:00:00Z")).Take(3).ShouldAllBe(due => due.Hour == 7);
    }

    [Fact]
    public void A_calendar_with_a_date_is_due_once()
    {
        var table = Table(new WhenRequest
        {
            Calendar = new CalendarRequest { At = "2026-12-01 09:00" },
            TimeZone = "America/New_York",
        });
        table.From(Created).ShouldBe([At("2026-12-01T14:00:00Z")]);
    }

    [Fact]
    public void A_window_over_midnight_skipped_days_and_an_active_range_bound_what_is_due()
    {
        var read = Read(new WhenRequest { Cron = "0 */2 * * *", TimeZone = "Europe/Berlin" });
        DailyWindow.TryParse("22:00-03:00", out var window).ShouldBeTrue();
        var table = new Timetable(read.Recurrence, read.Zone, new TimetableBounds(
            At("2026-12-23T12:00:00Z"), At("2026-12-26T12:00:00Z"), window, new HashSet<DateOnly> { new(2026, 12, 24) }));
        table.From(Created).Select(due => due.ToString("dd HH:mm", CultureInfo.InvariantCulture)).ShouldBe(
            ["23 21:00", "24 23:00", "25 01:00", "25 21:00", "25 23:00", "26 01:00"]);
    }

    [Fact]
    public void Jitter_stays_within_its_bound_and_is_the_same_whoever_asks()
    {
        var schedule = Guid.Parse("0193a5f0-0000-7000-8000-000000000001");
        var times = Enumerable.Range(0, 2000).Select(n => Jitter.Of(schedule, Created.AddMinutes(n), 30)).ToList();
        times.ShouldAllBe(jitter => jitter >= TimeSpan.Zero && jitter <= TimeSpan.FromSeconds(30));
        times.Distinct().Count().ShouldBe(31);
        times.ShouldBe(Enumerable.Range(0, 2000).Select(n => Jitter.Of(schedule, Created.AddMinutes(n), 30)));
        Jitter.Of(schedule, Created, 3600).ShouldBe(TimeSpan.FromSeconds(JitterOfCreated));
    }

    /// <summary>As a former run had it: another version must not move what is due.</summary>
    private const int JitterOfCreated = 1696;

    [Theory]
    [InlineData("*/5 * * * *", "Every 5 minutes, UTC time.")]
    [InlineData("30 2 * * *", "Every day at 02:30, UTC time.")]
    [InlineData("0 9 * * mon-fri", "At 09:00 on Monday to Friday, UTC time.")]
    [InlineData("0 9 * * tue#2", "At 09:00 on the 2nd Tuesday of the month, UTC time.")]
    [InlineData("0 9 L * *", "At 09:00 on the last day of the month, UTC time.")]
    [InlineData("0 * * * *", "Every hour, UTC time.")]
    [InlineData("*/10 * * * * *", "Every 10 seconds, UTC time.")]
    [InlineData("0 9,17 1 1,7 *", "At 09:00 and 17:00 on day 1 of the month in January and July, UTC time.")]
    [InlineData("0 9 13 * fri", "At 09:00 on day 13 of the month or Friday, UTC time.")]
    [InlineData("0 9 */15 * fri", "At 09:00 on days 1, 16 and 31 of the month, if it is Friday, UTC time.")]
    public void An_expression_has_words(string cron, string words) =>
        WhenWords.Of(new WhenRequest { Cron = cron }, Read(new WhenRequest { Cron = cron })).ShouldBe(words);

    [Fact]
    public void Notes_tell_what_daylight_saving_does()
    {
        var from = At("2026-10-01T00:00:00Z");
        DaylightNotes.Of(Read(new WhenRequest { Cron = "30 2 * * *", TimeZone = "Europe/Berlin" }), from).ShouldBe(
        [
            "On 2026-10-25 the clocks go back from 03:00 to 02:00: what is due in between is due once, the first time.",
            "On 2027-03-28 the clocks go from 02:00 to 03:00: what is due in between is due at 03:00, once.",
        ]);
        DaylightNotes.Of(Read(new WhenRequest { Cron = "0 12 * * *", TimeZone = "Europe/Berlin" }), from).ShouldBeEmpty();
        DaylightNotes.Of(Read(new WhenRequest { Cron = "30 2 * * *" }), from).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("America/Santiago", "2026-09-01T00:00:00Z", "On 2026-09-06 the clocks go from 00:00 to 01:00: what is due in between is due at 01:00, once.")]
    [InlineData("America/Havana", "2026-10-25T00:00:00Z", "On 2026-11-01 the clocks go back from 01:00 to 00:00: what is due in between is due once, the first time.")]
    [InlineData("Pacific/Apia", "2011-12-20T00:00:00Z", "On 2011-12-30 the clocks go from 00:00 to 24:00: what is due in between is due at 24:00, once.")]
    public void Notes_name_the_day_whose_times_are_meant_also_at_midnight(string zone, string from, string note) =>
        DaylightNotes.Of(Read(new WhenRequest { Cron = "30 0 * * *", TimeZone = zone }), At(from)).First().ShouldBe(note);

    [Fact]
    public void A_clock_that_goes_back_at_midnight_repeats_the_end_of_the_day_before() => DaylightNotes
        .Of(Read(new WhenRequest { Cron = "30 23 * * *", TimeZone = "America/Santiago" }), At("2027-04-01T00:00:00Z")).First()
        .ShouldBe("On 2027-04-03 the clocks go back from 24:00 to 23:00: what is due in between is due once, the first time.");

    private static Timetable Table(WhenRequest when)
    {
        var read = Read(when);
        return new Timetable(read.Recurrence, read.Zone, TimetableBounds.None);
    }

    private static Recurring Read(WhenRequest when)
    {
        var reader = new WhenReader("when");
        return reader.Read(when, Created) ?? throw new InvalidOperationException(string.Join(' ', reader.Wrong.Keys));
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
