using Cronos;
using Fleet.Control.Schedules.When;
using Fleet.Control.Schedules.When.Cron;
using CronExpression = Cronos.CronExpression;

namespace Fleet.Control.Tests.Schedules.When;

/// <summary>
/// Twenty due times of each expression, in six zones and over both changes of the clock, as another calculator has them.
/// Where the two differ by decision, the fact says so: crontab's "either day is enough" against Cronos' "both".
/// </summary>
public sealed class CronOracleTests
{
    private const int Times = 20;

    private static readonly string[] Expressions =
    [
        "* * * * *", "*/5 * * * *", "*/7 * * * *", "*/30 * * * *", "0 * * * *", "30 * * * *", "0,30 * * * *", "5,50 1-3 * * *", "0 1-3 * * *",
        "30 */2 * * *", "*/20 2 * * *", "30 2 * * *", "0 2 * * *", "0 3 * * *", "59 1 * * *", "30 0 * * *", "0 0 * * *", "30 1,2,3 * * *",
        "0,30 2 * * *", "45 23 * * *", "0 9 * * mon-fri", "0 22 * * 1-5", "15 2 * * 0", "15 2 * * 7", "0 9 * * tue#2", "30 2 * * sun#4",
        "30 2 * * sun#5", "0 9 * * 5L", "30 2 * * 0L", "0 9 1 * *", "0 9 L * *", "30 2 L-2 * *", "0 9 LW * *", "0 9 15W * *", "0 9 1W * *",
        "0 9 31 * *", "0 12 29 2 *", "30 2 25-31 3,10 *", "0 0 1 1 *", "*/15 8-18 * * mon-fri", "0 22-6 * * *", "10-20/3 2 * * *",
        "0 0-23/6 * * *", "0 0 * * 7-7", "0 0 * * 5-7", "0 0 * * 0-7", "0 0 * * 0-07", "@daily", "@hourly", "@weekly",
        "0 9 */2 * mon", "0 9 13 * */2", "0 9 */5 * */3",
    ];

    private static readonly string[] WithSeconds =
    [
        "*/10 * * * * *", "0 30 2 * * ?", "15 0 9 ? * MON-FRI", "0 0/15 1-3 * * ?", "30 59 1 ? * SUN", "0 0 9 ? * TUE#2",
        "0 0 9 L * ?",
    ];

    private static readonly (string Zone, string[] From)[] Places =
    [
        ("Europe/Berlin", ["2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z"]),
        ("America/New_York", ["2026-03-07T12:00:00Z", "2026-10-31T12:00:00Z"]),
        ("Australia/Lord_Howe", ["2026-04-04T06:00:00Z", "2026-10-03T06:00:00Z"]),
        ("America/Santiago", ["2026-04-04T12:00:00Z", "2026-09-05T12:00:00Z"]),
        ("Asia/Kolkata", ["2026-03-28T12:00:00Z"]),
        ("UTC", ["2026-12-30T23:59:30Z"]),
    ];

    public static TheoryData<string, string, string> Cases() => All(Expressions);

    public static TheoryData<string, string, string> CasesWithSeconds() => All(WithSeconds);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Five_fields_are_due_when_Cronos_says(string expression, string zone, string from) =>
        Compare(expression, CronFormat.Standard, zone, from);

    [Theory]
    [MemberData(nameof(CasesWithSeconds))]
    public void Six_fields_are_due_when_Cronos_says(string expression, string zone, string from) =>
        Compare(expression, CronFormat.IncludeSeconds, zone, from);

    [Fact]
    public void Either_of_two_kinds_of_days_is_enough_as_crontab_has_it()
    {
        var times = Due("0 9 13 * fri", "UTC", "2026-11-01T00:00:00Z").Take(4).Select(due => due.Day);
        times.ShouldBe([6, 13, 20, 27]);
        Due("0 9 13 * fri", "UTC", "2027-01-10T00:00:00Z").First().Day.ShouldBe(13); // a Wednesday
    }

    private static TheoryData<string, string, string> All(string[] expressions)
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var expression in expressions)
        {
            foreach (var (zone, starts) in Places)
            {
                foreach (var from in starts)
                    cases.Add(expression, zone, from);
            }
        }

        return cases;
    }

    private static void Compare(string expression, CronFormat format, string zone, string from)
    {
        var oracle = CronExpression.Parse(expression, format);
        var expected = new List<DateTimeOffset>();
        var place = TimeZoneInfo.FindSystemTimeZoneById(zone);
        for (var at = DateTimeOffset.Parse(from, null); expected.Count < Times; at = expected[^1])
            expected.Add(oracle.GetNextOccurrence(at, place)!.Value.ToUniversalTime());
        Due(expression, zone, from).Take(Times).Zip(expected).Where(pair => pair.First != pair.Second).Take(1).ShouldBeEmpty();
        Due(expression, zone, from).Take(Times).Count().ShouldBe(Times);
    }

    private static IEnumerable<DateTimeOffset> Due(string expression, string zone, string from)
    {
        var clock = new WallClock(CronParser.Parse(expression), new ZoneTimes(TimeZoneInfo.FindSystemTimeZoneById(zone)));
        for (var due = clock.Next(DateTimeOffset.Parse(from, null)); due is { } time; due = clock.Next(time))
            yield return time;
    }
}
