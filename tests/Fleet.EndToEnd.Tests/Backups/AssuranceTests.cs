using System.Diagnostics;
using System.Net;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>Whether backups can be relied upon is said before somebody needs them.</summary>
[Collection(WithBackups.Name)]
public sealed class AssuranceTests(WithBackups fleet)
{
    private BackupClient Backups => new(fleet.Client);

    [Fact]
    public async Task A_corrupted_pack_raises_an_alert_at_the_next_check_and_at_the_next_drill_and_both_resolve()
    {
        var home = await Prepare("corrupt", newestWithin: null);
        await Backups.Run(new { kind = "backup", source_group = "corrupt" });
        var drilled = await Backups.Run(new { kind = "restore", source_group = "corrupt", drill = new { files = 5 } });
        var drill = drilled.GetProperty("result").GetProperty("drill");
        drill.GetProperty("files").GetInt32().ShouldBe(5);
        drill.GetProperty("matched_source").GetInt32().ShouldBe(5);

        var packs = Directory.GetFiles($"{home}/repository/data", "*", SearchOption.AllDirectories);
        var before = packs.ToDictionary(pack => pack, File.ReadAllBytes);
        foreach (var pack in packs)
            Corrupt(pack);
        await Backups.Fail(
            new { kind = "check", repository = "corrupt", agent = FleetScripts.Wide, read_data_percent = 100 }, "repository_corrupt");
        var failed = await Backups.End(await Backups.Submit(new { kind = "restore", source_group = "corrupt", drill = new { files = 5 } }));
        failed.GetProperty("state").GetString().ShouldBe("failed", failed.GetRawText());
        await Eventually.True(async () => (await Backups.Alerts("corrupt", "corrupt")).Count == 2, "both raise an alert");
        var alert = (await Backups.Alerts("corrupt", "corrupt"))[0];
        using (var seen = await fleet.Client.Send(HttpMethod.Post, $"/v1/alerts/{alert.GetProperty("alert_id").GetString()}/acknowledgement"))
            (await seen.Must(HttpStatusCode.OK)).ShouldContain("\"acknowledged\"");

        foreach (var (pack, bytes) in before)
            Write(pack, bytes);
        await Backups.Run(new { kind = "check", repository = "corrupt", agent = FleetScripts.Wide, read_data_percent = 100 });
        await Backups.Run(new { kind = "restore", source_group = "corrupt", drill = new { files = 5 } });
        await Eventually.True(async () => (await Backups.Alerts("corrupt", "corrupt")).Count == 0, "both resolve");
    }

    [Fact]
    public async Task A_group_without_a_good_snapshot_in_its_time_raises_stale_until_there_is_one()
    {
        await Prepare("stale", newestWithin: 15);
        await Eventually.True(async () => (await Backups.Alerts("stale", "stale")).Count == 1, "it has no snapshot");
        await Backups.Run(new { kind = "backup", source_group = "stale" });
        await Eventually.True(async () => (await Backups.Alerts("stale", "stale")).Count == 0, "it has one");
        await Eventually.True(async () => (await Backups.Alerts("stale", "stale")).Count == 1, "it grows old");
    }

    [Fact]
    public async Task Schedules_start_backups()
    {
        await Prepare("scheduled", newestWithin: null);
        var schedule = await fleet.Client.Ask<System.Text.Json.JsonElement>(
            HttpStatusCode.Created, HttpMethod.Post, "/v1/schedules",
            """{"name": "backup", "when": {"every_s": 2}, "start": {"backup": {"kind": "backup", "source_group": "scheduled"}}}""");
        await Eventually.True(async () => (await Backups.Items("/v1/snapshots?tag=scheduled")).Count > 1, "snapshots come by themselves");
        using var deleted = await fleet.Client.Send(HttpMethod.Delete, $"/v1/schedules/{schedule.GetProperty("schedule_id").GetString()}");
        deleted.EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task A_question_to_an_agent_that_stands_still_ends_at_its_time()
    {
        var home = await Prepare("frozen", newestWithin: null);
        var snapshot = (await Backups.Run(new { kind = "backup", source_group = "frozen" })).GetProperty("snapshot_id").GetString()!;
        await fleet.Scripts.Signal(FleetScripts.Wide, "STOP");
        try
        {
            var since = Stopwatch.GetTimestamp();
            using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{snapshot}/tree?path={home}/source");
            await answer.MustRefuse(504, "agent_silent");
            Stopwatch.GetElapsedTime(since).TotalSeconds.ShouldBeGreaterThanOrEqualTo(WithBackups.QuestionSeconds);
        }
        finally
        {
            await fleet.Scripts.Signal(FleetScripts.Wide, "CONT");
            await fleet.Heal();
        }

        await Eventually.True(
            async () =>
            {
                using var answer = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{snapshot}/tree?path={home}/source");
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "a failure is not remembered");
    }

    private async Task<string> Prepare(string name, int? newestWithin)
    {
        var home = fleet.Home.NewFile();
        await SourceTree.Create($"{home}/source", files: 30);
        await Backups.Create("/v1/repositories", new { name, url = $"{home}/repository", password = BackupClient.Password });
        await Backups.Create("/v1/source-groups", new
        {
            name,
            agent = FleetScripts.Wide,
            repository = name,
            includes = new[] { $"{home}/source" },
            newest_within_s = newestWithin,
        });
        await Backups.Run(new { kind = "init", repository = name, agent = FleetScripts.Wide });
        return home;
    }

    private static void Corrupt(string pack)
    {
        var bytes = File.ReadAllBytes(pack);
        for (var place = 20; place < bytes.Length / 2; place += 97)
            bytes[place] ^= 0x55;
        Write(pack, bytes);
    }

    /// <summary>Restic makes packs read-only.</summary>
    private static void Write(string pack, byte[] bytes)
    {
        File.Delete(pack);
        File.WriteAllBytes(pack, bytes);
    }
}
