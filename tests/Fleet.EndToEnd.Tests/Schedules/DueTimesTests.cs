using System.Globalization;
using System.Net;
using System.Text.Json;
using Cronos;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Schedules;

/// <summary>
/// Twenty due times of each expression, in five zones and over both changes of the clock, as the API shows them and as two
/// other calculators have them, croner and Cronos. Where croner has others, <c>decided.txt</c> says what is right and why;
/// what croner cannot read (<c>L-2</c>, <c>22-6</c>) is compared with Cronos alone, where Control is tested.
/// </summary>
[Collection(OneControl.Name)]
public sealed class DueTimesTests(OneControl fleet)
{
    private const int Times = 20;
    private const int AtOnce = 8;

    /// <summary>Either of the two days is enough, as crontab has it; Cronos asks for both.</summary>
    private const string EitherDay = "0 9 13 * fri";

    private static readonly string[] Expressions =
    [
        EitherDay, "* * * * *", "*/5 * * * *", "*/7 * * * *", "*/30 * * * *", "0 * * * *", "30 * * * *", "0,30 * * * *",
        "5,50 1-3 * * *", "0 1-3 * * *", "30 */2 * * *", "*/20 2 * * *", "30 2 * * *", "0 2 * * *", "0 3 * * *", "59 1 * * *",
        "30 0 * * *", "0 0 * * *", "30 1,2,3 * * *", "0,30 2 * * *", "45 23 * * *", "0 9 * * mon-fri", "0 22 * * 1-5",
        "15 2 * * 0", "15 2 * * 7", "0 9 * * tue#2", "30 2 * * sun#4", "30 2 * * sun#5", "0 9 * * 5L", "30 2 * * 0L",
        "0 9 1 * *", "0 9 L * *", "0 9 LW * *", "0 9 15W * *", "0 9 1W * *", "0 9 31 * *", "0 12 29 2 *",
        "30 2 25-31 3,10 *", "0 0 1 1 *", "*/15 8-18 * * mon-fri", "10-20/3 2 * * *", "0 0-23/6 * * *", "@daily", "@hourly",
        "@weekly",
    ];

    private static readonly (string Zone, string[] From)[] Places =
    [
        ("Europe/Berlin", ["2026-03-28T12:00:30Z", "2026-10-24T12:00:30Z"]),
        ("America/New_York", ["2026-03-07T12:00:30Z", "2026-10-31T12:00:30Z"]),
        ("Australia/Lord_Howe", ["2026-04-04T06:00:30Z", "2026-10-03T06:00:30Z"]),
        ("America/Santiago", ["2026-04-04T12:00:30Z", "2026-09-05T12:00:30Z"]),
        ("Asia/Kolkata", ["2026-03-28T12:00:30Z", "2026-10-24T12:00:30Z"]),
    ];

    [Fact]
    public async Task Due_times_are_those_of_two_other_calculators_but_for_what_was_decided()
    {
        var cases = Expressions.SelectMany(Cases).ToList();
        var croner = await Croner(cases);
        var shown = new DateTimeOffset[cases.Count][];
        await Parallel.ForAsync(0, cases.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
            shown[number] = await Shown(cases[number]));

        cases.Index().Where(one => one.Item.Expression != EitherDay && !shown[one.Index].SequenceEqual(OfCronos(one.Item)))
            .Select(one => $"{one.Item}").ShouldBeEmpty();
        var others = cases.Index().Select(one => one.Item.Compare(shown[one.Index], croner[one.Index])).OfType<string>().ToList();
        others.Except(Decided()).ShouldBeEmpty();
        Decided().Except(others).ShouldBeEmpty();
    }

    private static IEnumerable<DueTimesCase> Cases(string expression) =>
        Places.SelectMany(place => place.From.Select(from => new DueTimesCase(expression, place.Zone, from)));

    private async Task<DateTimeOffset[]> Shown(DueTimesCase one)
    {
        var when = new { cron = one.Expression, time_zone = one.Zone };
        var body = FleetJson.Write(new { when, count = Times, from = one.From });
        var shown = await fleet.Client.Ask<JsonElement>(HttpStatusCode.OK, HttpMethod.Post, "/v1/schedules/preview", body);
        return [.. shown.GetProperty("times").EnumerateArray().Select(time => time.GetDateTimeOffset())];
    }

    private async Task<DateTimeOffset[][]> Croner(IReadOnlyList<DueTimesCase> cases)
    {
        var file = fleet.Home.NewFile();
        await File.WriteAllTextAsync(
            file, JsonSerializer.Serialize(cases.Select(one => (string[])[one.Expression, one.Zone, one.From])));
        var count = Times.ToString(CultureInfo.InvariantCulture);
        var printed = await new NodePackage(fleet.Home, "Schedules/Croner").Run("times.mjs", file, count);
        return FleetJson.Read<DateTimeOffset[][]>(printed);
    }

    private static IEnumerable<DateTimeOffset> OfCronos(DueTimesCase one)
    {
        var expression = CronExpression.Parse(one.Expression);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(one.Zone);
        var at = DateTimeOffset.Parse(one.From, CultureInfo.InvariantCulture);
        for (var times = 0; times < Times; times++)
            yield return at = expression.GetNextOccurrence(at, zone)!.Value.ToUniversalTime();
    }

    /// <summary>Lines of the table; those that begin with <c>#</c> give the reason of what follows.</summary>
    private static IEnumerable<string> Decided() =>
        File.ReadLines(Path.Combine(Checkout.Root, "tests/Fleet.EndToEnd.Tests/Schedules/decided.txt"))
            .Where(line => line.Length > 0 && line[0] != '#');
}
