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
    public async Task A_killed_agent_leaves_half_a_restore_and_the_next_attempt_finishes_it()
    {
        var (repository, source) = await Prepare("restored", megabytes: 12);
        var snapshot = (await Backups.Run(new { kind = "backup", source_group = "restored" })).GetProperty("snapshot_id").GetString();
        await Limit(repository, 1_000_000, download: 400);
        var target = $"{fleet.Home.NewFile()}/target";
        var id = await Backups.Submit(
            new { snapshot_id = snapshot, agent = FleetScripts.Wide, target_dir = target, verify = true }, "/v1/restores");
        await Eventually.True(() => Directory.Exists(target) && Files(target).Any(file => file.Length > 0), "some of it is there");
        await fleet.Scripts.Kill(FleetScripts.Wide);
        await Backups.Becomes(id, IsNotRunning, "is not said to run on an agent that is gone");
        await Limit(repository, 1_000_000, download: 1_000_000);
        await fleet.Scripts.Restart(FleetScripts.Wide);
        var restore = await Backups.End(id);
        restore.GetProperty("state").GetString().ShouldBe("succeeded", restore.GetRawText());
        restore.GetProperty("attempt").GetInt32().ShouldBeGreaterThan(1);
        (await File.ReadAllBytesAsync(Files(target).Single().FullName)).ShouldBe(await File.ReadAllBytesAsync($"{source}/large.bin"));
    }

    [Fact]
    public async Task A_killed_agent_leaves_half_a_prune_and_the_next_attempt_finishes_it()
    {
        var (repository, source) = await Prepare("pruned", megabytes: 6);
        await File.WriteAllBytesAsync($"{source}/kept.bin", RandomNumberGenerator.GetBytes(6 * 1024 * 1024));
        await Backups.Run(new { kind = "backup", source_group = "pruned" });
        File.Delete($"{source}/large.bin"); // half of what is in the packs is still needed
        await Backups.Run(new { kind = "backup", source_group = "pruned" });
        var group = new { name = "pruned", agent = FleetScripts.Wide, repository = "pruned", includes = new[] { source }, keep = new { last = 1 } };
        using (var keep = await fleet.Client.Send(HttpMethod.Put, "/v1/source-groups/pruned", FleetJson.Write(group)))
            keep.EnsureSuccessStatusCode();
        await Backups.Run(new { kind = "forget", source_group = "pruned" });
        await Limit(repository, 200);
        var id = await Backups.Submit(new { kind = "prune", repository = "pruned", agent = FleetScripts.Wide });
        await Eventually.True(() => Locks(repository).Length > 0, "it holds the repository");
        await fleet.Scripts.Kill(FleetScripts.Wide);
        await Backups.Becomes(id, IsNotRunning, "is not said to run on an agent that is gone");
        Locks(repository).ShouldNotBeEmpty();
        await Limit(repository, 1_000_000);
        await fleet.Scripts.Restart(FleetScripts.Wide);
        var prune = await Backups.End(id);
        prune.GetProperty("state").GetString().ShouldBe("succeeded", prune.GetRawText());
        prune.GetProperty("attempt").GetInt32().ShouldBeGreaterThan(1);
        Locks(repository).ShouldBeEmpty();
        await Backups.Run(new { kind = "check", repository = "pruned", agent = FleetScripts.Wide, read_data_percent = 100 });
    }

    [Fact]
    public async Task A_full_disk_is_said_and_the_next_run_completes_when_there_is_room()
    {
        var home = fleet.Home.NewFile();
        Directory.CreateDirectory(home);
        await SourceTree.Script("mount -t tmpfs -o size=8m,mode=0777 tmpfs \"$1\"", home);
        try
        {
            await Create("full", $"{home}/repository", $"{fleet.Home.NewFile()}/source", megabytes: 12);
            await Backups.Run(new { kind = "init", repository = "full", agent = FleetScripts.Wide });
            var failed = await Backups.Fail(new { kind = "backup", source_group = "full", max_attempts = 1 }, "disk_full");
            failed.GetProperty("error").GetProperty("message").GetString()!.ShouldContain("No room is left");
            await Eventually.True(async () => (await Backups.Alerts("failed", "full")).Count == 1, "an alert says so");
            await SourceTree.Script("mount -o remount,size=64m \"$1\"", home);
            await Backups.Run(new { kind = "backup", source_group = "full" });
            await Eventually.True(async () => (await Backups.Alerts("failed", "full")).Count == 0, "the alert resolves");
            await Backups.Run(new { kind = "check", repository = "full", agent = FleetScripts.Wide, read_data_percent = 100 });
            Locks($"{home}/repository").ShouldBeEmpty();
        }
        finally
        {
            await SourceTree.Script("umount -l \"$1\"", home);
        }
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

    private static bool IsNotRunning(JsonElement backup) => backup.GetProperty("state").GetString() is "queued" or "assigned";

    private static IEnumerable<FileInfo> Files(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories);

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
    private async Task Limit(string repository, int upload, int download = 1_000_000)
    {
        var name = Path.IsPathRooted(repository) ? await NameOf(repository) : repository;
        using var answer = await fleet.Client.Send(
            HttpMethod.Patch, $"/v1/repositories/{name}", FleetJson.Write(new { upload_kib_per_second = upload, download_kib_per_second = download }));
        answer.EnsureSuccessStatusCode();
    }

    private async Task<string> NameOf(string url) => (await Backups.Items("/v1/repositories?limit=200"))
        .Single(one => one.GetProperty("url").GetString() == url).GetProperty("name").GetString()!;
}
