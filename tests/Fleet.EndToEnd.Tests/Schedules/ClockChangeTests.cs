using System.Globalization;
using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Schedules;

/// <summary>Schedules on real processes while the clocks of their zones are set forward and back.</summary>
[Collection(OwnZones.Name)]
public sealed class ClockChangeTests(OwnZones fleet)
{
    private const int Hour = 60;
    private const int Day = 24 * Hour;

    [Fact]
    public async Task Over_both_changes_of_the_clock_each_due_time_is_started_once()
    {
        var (change, paths) = await Begin(attempt: 1);
        await Counts($"select count(*) where clock_timestamp() >= '{change:O}'", 1, "the clocks are changed");
        const string later = "select count(*) from schedule_occurrences where due_at >";
        await Counts($"{later} '{change.AddSeconds(20):O}'", 2, "time goes on");
        var due = await Task.WhenAll(paths.Select(Due));
        foreach (var rhythm in due[..2])
        {
            rhythm.ShouldContain(change);
            rhythm.Zip(rhythm.Skip(1)).ShouldAllBe(pair => pair.Second - pair.First == TimeSpan.FromSeconds(5));
        }

        due[2].ShouldBe([change]);
        due[3].ShouldBe([change.AddSeconds(10)]);
        due[4].ShouldBeEmpty();
    }

    /// <summary>Zones of their own and schedules in them, all of them there before the clocks are changed.</summary>
    private async Task<(DateTimeOffset Change, string[] Paths)> Begin(int attempt)
    {
        var change = DateTimeOffset.FromUnixTimeSeconds((await Now() + 20 + 59) / 60 * 60);
        var (forward, back) = ($"Test/Forward{attempt}", $"Test/Back{attempt}");
        await fleet.Make(Source(change, forward, back));
        string[] paths =
        [
            await Schedule("*/5 * * * * *", forward),
            await Schedule("*/5 * * * * *", back),
            await Schedule("10 0 2 * * ?", forward), // is skipped
            await Schedule("10 0 3 * * ?", forward), // comes behind the gap
            await Schedule("10 0 2 * * ?", back), // is shown a second time
        ];
        return await Now() < change.ToUnixTimeSeconds() ? (change, paths) : await Begin(attempt + 1);
    }

    private Task Counts(string sql, int least, string what) =>
        Eventually.True(async () => await fleet.Database.Count(sql) >= least, what);

    /// <summary>Seconds since 1970, by the database's clock.</summary>
    private Task<long> Now() => fleet.Database.Count("select extract(epoch from clock_timestamp())::bigint");

    /// <summary>At the change, it is two o'clock in the one zone and becomes three, and three in the other and becomes two.</summary>
    /// <param name="change">A whole minute, as offsets of zones are whole minutes too.</param>
    private static string Source(DateTimeOffset change, string forward, string back)
    {
        var offset = (2 * Hour) - (int)change.TimeOfDay.TotalMinutes;
        offset = offset <= -Day / 2 ? offset + Day : offset;
        var day = change.AddMinutes(offset).ToString("yyyy MMM d", CultureInfo.InvariantCulture);
        return $"""
            Zone {forward} {Text(offset)} - TST {day} 2:00
             {Text(offset + Hour)} - TUT
            Zone {back} {Text(offset + Hour)} - TUT {day} 3:00
             {Text(offset)} - TST

            """;
    }

    /// <summary>Minutes as hours and minutes.</summary>
    private static string Text(int offset) => $"{(offset < 0 ? "-" : "")}{Math.Abs(offset) / Hour}:{Math.Abs(offset) % Hour:00}";

    private async Task<string> Schedule(string cron, string zone)
    {
        var body = FleetJson.Write(new
        {
            name = $"{cron} {zone}",
            when = new { cron, time_zone = zone },
            start = new { job = new { kind = "noop" } },
        });
        var made = await fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, "/v1/schedules", body);
        return made.GetProperty("links").GetProperty("self").GetString()!;
    }

    /// <summary>Oldest first; all of them have started.</summary>
    private async Task<List<DateTimeOffset>> Due(string schedule)
    {
        var page = await fleet.Client.Get<JsonElement>($"{schedule}/occurrences?limit=200");
        var occurrences = page.GetProperty("items").EnumerateArray().ToList();
        occurrences.ShouldAllBe(one => one.GetProperty("outcome").GetString() == "started");
        return [.. occurrences.Select(one => one.GetProperty("due_at").GetDateTimeOffset()).Order()];
    }
}
