using System.Net;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests;

/// <summary>Schedules on real processes: whatever dies or stands still, each due time has one occurrence, and one job.</summary>
[Collection(TwoControls.Name)]
public sealed class ScheduleTests(TwoControls fleet)
{
    private const string EverySecond = """
        {"name": "every second", "when": {"every_s": 1}, "start": {"job": {"kind": "noop", "labels": {"run": "ticks"}}}, "missed": "all"}
        """;

    [Fact]
    public async Task Every_second_starts_one_job_while_Controls_are_killed_and_frozen()
    {
        var path = await Create(EverySecond);
        try
        {
            await Occurred(3);
            await fleet.Scripts.Kill("control-1");
            await Occurred(8);
            await fleet.Scripts.Restart("control-1");
            await fleet.Scripts.Signal("control-2", "STOP");
            await Occurred(16);
            await fleet.Scripts.Signal("control-2", "CONT");
            await Occurred(24);
            using var paused = await fleet.Client.Send(HttpMethod.Post, $"{path}/pause");
            await paused.Must(HttpStatusCode.OK);
            await MustBeWhole(path);
        }
        finally
        {
            await fleet.Heal();
            using var deleted = await fleet.Client.Send(HttpMethod.Delete, path);
        }
    }

    private async Task MustBeWhole(string path)
    {
        var occurrences = await Occurrences(path);
        var times = occurrences.ConvertAll(one => one.GetProperty("due_at").GetDateTimeOffset());
        times.Zip(times.Skip(1)).ShouldAllBe(pair => pair.First - pair.Second == TimeSpan.FromSeconds(1));
        occurrences.ShouldAllBe(one => one.GetProperty("outcome").GetString() == "started");
        var jobs = occurrences.ConvertAll(one => one.GetProperty("started").GetProperty("id").GetString()!);
        jobs.Distinct().Count().ShouldBe(jobs.Count);
        await fleet.Client.AllEnd("ticks", jobs.Count);
    }

    private async Task<string> Create(string body)
    {
        var made = await fleet.Client.Ask<JsonElement>(HttpStatusCode.Created, HttpMethod.Post, "/v1/schedules", body);
        return made.GetProperty("links").GetProperty("self").GetString()!;
    }

    /// <summary>Asked of the database: a request may be with the Control that stands still.</summary>
    private Task Occurred(int least) => Eventually.True(
        async () => await fleet.Database.Count("select count(*) from schedule_occurrences") >= least,
        $"{least} due times were decided about");

    /// <summary>Newest first; they fit on one page.</summary>
    private async Task<List<JsonElement>> Occurrences(string path) =>
        [.. (await fleet.Client.Get<JsonElement>($"{path}/occurrences?limit=200")).GetProperty("items").EnumerateArray()];
}
