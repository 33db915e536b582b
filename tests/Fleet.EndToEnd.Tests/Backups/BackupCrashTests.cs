using System.Security.Cryptography;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>What becomes of backups when agents are killed, and repositories go away.</summary>
[Collection(WithBackups.Name)]
public sealed class BackupCrashTests(WithBackups fleet)
{
    private const int Port = 19_105;

    private BackupClient Backups => new(fleet.Client);

    [Fact]
    public async Task A_killed_agent_leaves_a_lock_and_the_next_attempt_deals_with_it()
    {
        var (repository, source) = await Prepare("killed", megabytes: 12);
        await Limit(repository, 400);
        var id = await Backups.Submit(new { kind = "backup", source_group = "killed" });
        await Backups.Becomes(id, IsOnItsWay, "is on its way");
        await fleet.Scripts.Kill(FleetScripts.Wide);
        Locks(repository).ShouldNotBeEmpty();
        await Limit(repository, 1_000_000);
        await fleet.Scripts.Restart(FleetScripts.Wide);
        var backup = await Backups.End(id);
        backup.GetProperty("state").GetString().ShouldBe("succeeded", backup.GetRawText());
        backup.GetProperty("attempt").GetInt32().ShouldBeGreaterThan(1);

        var prune = await Backups.Run(new { kind = "prune", repository = "killed", agent = FleetScripts.Wide });
        prune.GetProperty("result").GetProperty("locks_removed").GetInt32().ShouldBe(1);
        Locks(repository).ShouldBeEmpty();
        await Backups.Run(new { kind = "check", repository = "killed", agent = FleetScripts.Wide });
        Directory.Exists(source).ShouldBeTrue();
    }

    [Fact]
    public async Task A_cancelled_backup_leaves_no_lock()
    {
        var (repository, _) = await Prepare("cancelled", megabytes: 12);
        await Limit(repository, 300);
        var id = await Backups.Submit(new { kind = "backup", source_group = "cancelled" });
        await Backups.Becomes(id, IsOnItsWay, "is on its way");
        using (var cancel = await fleet.Client.Send(HttpMethod.Post, $"/v1/backups/{id}/cancellation"))
            cancel.EnsureSuccessStatusCode();
        var backup = await Backups.End(id);
        backup.GetProperty("state").GetString().ShouldBe("cancelled", backup.GetRawText());
        Locks(repository).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repository_that_goes_away_fails_the_backup_with_a_reason_and_the_next_run_completes()
    {
        var home = fleet.Home.NewFile();
        var server = await ResticServer.Start($"{home}/store", Port, onlyAppends: false);
        try
        {
            await Create("away", server.Url, $"{home}/source", megabytes: 12);
            await Backups.Run(new { kind = "init", repository = "away", agent = FleetScripts.Wide });
            await Limit("away", 300);
            var id = await Backups.Submit(new { kind = "backup", source_group = "away", max_attempts = 1 });
            await Backups.Becomes(id, IsOnItsWay, "is on its way");
            server.Dispose();
            var backup = await Backups.End(id);
            backup.GetProperty("state").GetString().ShouldBe("failed", backup.GetRawText());
            backup.GetProperty("error").GetProperty("code").GetString().ShouldBe("repository_unreachable", backup.GetRawText());
            await Eventually.True(async () => (await Backups.Alerts("failed", "away")).Count == 1, "an alert says so");

            server = await ResticServer.Start($"{home}/store", Port, onlyAppends: false);
            await Limit("away", 1_000_000);
            await Backups.Run(new { kind = "backup", source_group = "away" });
            await Eventually.True(async () => (await Backups.Alerts("failed", "away")).Count == 0, "the alert resolves");
        }
        finally
        {
            server.Dispose();
        }
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_words_that_a_person_can_act_upon()
    {
        var home = fleet.Home.NewFile();
        await Create("nowhere", $"{home}/nowhere", home, megabytes: 0);
        await Backups.Fail(new { kind = "backup", source_group = "nowhere" }, "no_repository");
        await Backups.Run(new { kind = "init", repository = "nowhere", agent = FleetScripts.Wide });
        await Backups.Fail(new { kind = "init", repository = "nowhere", agent = FleetScripts.Wide }, "repository_exists");
        await Backups.Create("/v1/repositories", new { name = "mistaken", url = $"{home}/nowhere", password = "not the password" });
        await Backups.Fail(new { kind = "check", repository = "mistaken", agent = FleetScripts.Wide }, "wrong_password");
        await Backups.Create("/v1/repositories", new { name = "refusing", url = "rest:http://127.0.0.1:9/", password = "anything" });
        await Backups.Fail(
            new { kind = "check", repository = "refusing", agent = FleetScripts.Wide, max_attempts = 1 }, "repository_unreachable");
    }

    private static bool IsOnItsWay(JsonElement backup) =>
        backup.GetProperty("progress").ValueKind == JsonValueKind.Object
        && backup.GetProperty("progress").GetProperty("bytes_done") is { ValueKind: JsonValueKind.Number } bytes && bytes.GetInt64() > 0;

    private static string[] Locks(string repository) => Directory.GetFiles($"{repository}/locks");

    private async Task<(string Repository, string Source)> Prepare(string name, int megabytes)
    {
        var home = fleet.Home.NewFile();
        await Create(name, $"{home}/repository", $"{home}/source", megabytes);
        await Backups.Run(new { kind = "init", repository = name, agent = FleetScripts.Wide });
        return ($"{home}/repository", $"{home}/source");
    }

    private async Task Create(string name, string url, string source, int megabytes)
    {
        Directory.CreateDirectory(source);
        await File.WriteAllBytesAsync($"{source}/large.bin", RandomNumberGenerator.GetBytes(megabytes * 1024 * 1024));
        await Backups.Create("/v1/repositories", new { name, url, password = BackupClient.Password });
        await Backups.Create("/v1/source-groups", new { name, agent = FleetScripts.Wide, repository = name, includes = new[] { source } });
    }

    /// <summary>KiB a second.</summary>
    private async Task Limit(string repository, int upload)
    {
        var name = Path.IsPathRooted(repository) ? await NameOf(repository) : repository;
        using var answer = await fleet.Client.Send(
            HttpMethod.Patch, $"/v1/repositories/{name}", FleetJson.Write(new { upload_kib_per_second = upload }));
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> NameOf(string url) => (await Backups.Items("/v1/repositories?limit=200"))
        .Single(one => one.GetProperty("url").GetString() == url).GetProperty("name").GetString()!;
}
