using System.Net;
using System.Text;
using System.Text.Json;
using Fleet.EndToEnd.Tests.Support;

namespace Fleet.EndToEnd.Tests.Backups;

/// <summary>The way of files into a repository that may only be appended to, and back on another host.</summary>
[Collection(WithBackups.Name)]
public sealed class BackupTests(WithBackups fleet)
{
    private const int Files = 2000;
    private const int AppendPort = 19_101;
    private const int AdminPort = 19_102;

    private BackupClient Backups => new(fleet.Client);

    [Fact]
    public async Task Files_come_back_on_another_agent_as_they_were_and_only_the_admin_slot_removes()
    {
        var home = fleet.Home.NewFile();
        var (store, source, target) = ($"{home}/store", $"{home}/source", $"{home}/target");
        using var appending = await ResticServer.Start(store, AppendPort, onlyAppends: true);
        using var all = await ResticServer.Start(store, AdminPort, onlyAppends: false);
        await SourceTree.Create(source, Files);
        await Backups.Create("/v1/repositories", new
        {
            name = "vault",
            url = appending.Url,
            password = BackupClient.Password,
            admin = new { url = all.Url },
        });
        await Backups.Create("/v1/repositories", new { name = "same vault everyday", url = appending.Url, password = BackupClient.Password });
        (await Backups.Run(new { kind = "init", repository = "vault", agent = FleetScripts.Wide }))
            .GetProperty("result").GetProperty("repository_id").GetString().ShouldNotBeNullOrEmpty();
        await Backups.Create("/v1/source-groups", new
        {
            name = "files",
            agent = FleetScripts.Wide,
            repository = "vault",
            includes = new[] { source },
            excludes = new[] { "*.tmp" },
            tags = new[] { "extra" },
            keep = new { last = 1 },
            hooks = new { before = "echo before it as $(id -u)", after = "echo the outcome is $FLEET_BACKUP_OUTCOME" },
        });

        var first = await FirstBackup();
        await File.WriteAllTextAsync($"{source}/many/file-1.txt", "changed");
        await File.WriteAllTextAsync($"{source}/many/fresh.txt", "fresh");
        File.Delete($"{source}/many/file-2.txt");
        var second = (await Backups.Run(new { kind = "backup", source_group = "files" })).GetProperty("snapshot_id").GetString()!;
        var description = await SourceTree.Describe($"{source}/special");

        await Snapshots(first, second);
        await Differences(first, second, $"{source}/many");
        await Browsing(first, second, source);
        await Restores(second, source, target, description);
        await Removal(first, second);
        await NothingSecretIsShown();
    }

    private async Task<string> FirstBackup()
    {
        var id = await Backups.Submit(new { kind = "backup", source_group = "files" });
        var backup = await Backups.End(id);
        backup.GetProperty("state").GetString().ShouldBe("succeeded", backup.GetRawText());
        backup.GetProperty("stats").GetProperty("files_new").GetInt32().ShouldBeGreaterThanOrEqualTo(Files);
        backup.GetProperty("stats").GetProperty("message_type").GetString().ShouldBe("summary"); // restic's own, unchanged
        backup.GetProperty("progress").GetProperty("fraction").GetDouble().ShouldBeInRange(0, 1);
        backup.GetProperty("issues").GetArrayLength().ShouldBe(0);
        var snapshot = backup.GetProperty("snapshot_id").GetString()!;
        snapshot.Length.ShouldBe(64); // restic 0.14 tells eight digits

        using var answer = await fleet.Client.Follow($"/v1/backups/{id}/events");
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var events = await stream.Events().ToListAsync().AsTask().Within();
        events.Select(entry => entry.To).Where(state => state is not null).ShouldBe(["queued", "assigned", "running", "succeeded"]);
        events.ShouldContain(entry => entry.Type == "progress");
        events.ShouldContain(entry => entry.Type == "output" && entry.Text("text")!.Contains("the outcome is succeeded"));
        events.ShouldContain(entry => entry.Type == "output" && entry.Text("text")!.Contains("before it as "));
        events.ShouldNotContain(entry => entry.Type == "output" && entry.Text("text")!.Contains("before it as 0\n"));
        events[^1].Type.ShouldBe("end");
        events[^1].Text("snapshot_id").ShouldBe(snapshot);
        return snapshot;
    }

    private async Task Snapshots(string first, string second)
    {
        var snapshots = await Backups.Items($"/v1/snapshots?repository=vault&agent={FleetScripts.Wide}&tag=files");
        snapshots.Select(snapshot => snapshot.GetProperty("id").GetString()).ShouldBe([second, first]);
        snapshots[0].GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()).ShouldBe(["files", "extra"], ignoreOrder: true);
        (await Backups.Items("/v1/snapshots?repository=vault&tag=nothing")).ShouldBeEmpty();
    }

    private async Task Differences(string first, string second, string many)
    {
        var diff = await Backups.Run(new
        {
            kind = "diff",
            repository = "vault",
            agent = FleetScripts.Narrow,
            snapshot_a = first,
            snapshot_b = second[..12],
        });
        var changes = diff.GetProperty("result").GetProperty("changes").EnumerateArray()
            .Select(change => $"{change.GetProperty("modifier").GetString()} {change.GetProperty("path").GetString()}").ToList();
        changes.ShouldContain($"M {many}/file-1.txt");
        changes.ShouldContain($"+ {many}/fresh.txt");
        changes.ShouldContain($"- {many}/file-2.txt");
        diff.GetProperty("stats").GetProperty("changed_files").GetInt32().ShouldBe(1);
    }

    private async Task Browsing(string first, string second, string source)
    {
        var path = Uri.EscapeDataString(source);
        var root = await Backups.Items($"/v1/snapshots/{second}/tree?path=/");
        root.Select(entry => entry.GetProperty("name").GetString()).ShouldContain(source.Split('/')[1]);
        var special = await Backups.Items($"/v1/snapshots/{second}/tree?path={path}/special");
        var one = special.Single(entry => entry.GetProperty("name").GetString() == "sparse");
        one.GetProperty("type").GetString().ShouldBe("file");
        one.GetProperty("size").GetInt64().ShouldBe(5_000_003);
        special.ShouldContain(entry => entry.GetProperty("name").GetString() == "symbolic" && entry.GetProperty("type").GetString() == "symlink");
        using (var missing = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{second}/tree?path=/not/there"))
            await missing.MustRefuse(404, "not_found");

        var found = await Backups.Items($"/v1/snapshots/{second}/search?name=file-19?9.txt");
        found.Count.ShouldBe(10);
        found.ShouldAllBe(entry => entry.GetProperty("path").GetString()!.StartsWith($"{source}/many/file-19", StringComparison.Ordinal));

        Encoding.UTF8.GetString(await Backups.Bytes($"/v1/snapshots/{second}/content?path={path}/many/file-1.txt")).ShouldBe("changed");
        (await Backups.Bytes($"/v1/snapshots/{first}/content?path={path}/special/random.bin"))
            .ShouldBe(await File.ReadAllBytesAsync($"{source}/special/random.bin"));
        (await Backups.Bytes($"/v1/snapshots/{second}/content?path={path}/special/nothing")).ShouldBeEmpty();
        using (var link = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{second}/content?path={path}/special/symbolic"))
            await link.MustRefuse(400, "invalid_field");
        using (var below = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{second}/content?path={path}/special/nothing/x"))
            await below.MustRefuse(404, "not_found");
        var tar = $"{fleet.Home.NewFile()}.tar";
        await File.WriteAllBytesAsync(tar, await Backups.Bytes($"/v1/snapshots/{second}/content?path={path}/special"));
        (await SourceTree.Script("tar -tf \"$1\" | grep -c random.bin", tar)).Trim().ShouldBe("1");
        using (var missing = await fleet.Client.Send(HttpMethod.Get, $"/v1/snapshots/{second}/content?path={path}/not-there"))
            await missing.MustRefuse(404, "not_found");
    }

    private async Task Restores(string snapshot, string source, string target, string description)
    {
        var restore = await Backups.Run(
            new
            {
                snapshot_id = snapshot,
                agent = FleetScripts.Narrow,
                paths = new[] { $"{source}/special" },
                target_dir = $"{target}/<job-id>",
                verify = true,
            },
            "/v1/restores");
        restore.GetProperty("kind").GetString().ShouldBe("restore");
        restore.GetProperty("agent").GetString().ShouldBe(FleetScripts.Narrow);
        var there = restore.GetProperty("target_dir").GetString()!;
        there.ShouldBe($"{target}/{restore.GetProperty("backup_id").GetString()}");
        (await SourceTree.Describe($"{there}{source}/special")).ShouldBe(description);
        Directory.Exists($"{there}{source}/many").ShouldBeFalse();

        await SourceTree.Script("rm -rf \"$1\"/deep \"$1\"/random.bin", $"{there}{source}/special");
        var again = await fleet.Client.Ask<JsonElement>(
            HttpStatusCode.Accepted, HttpMethod.Post, $"/v1/backups/{restore.GetProperty("backup_id").GetString()}/retry");
        (await Backups.End(again.GetProperty("backup_id").GetString()!)).GetProperty("state").GetString().ShouldBe("succeeded");
        (await SourceTree.Describe($"{there}{source}/special")).ShouldBe(description); // in the same place

        var star = await Backups.Run(
            new { snapshot_id = snapshot, agent = FleetScripts.Narrow, paths = new[] { $"{source}/special/st*r [1].txt" }, target_dir = $"{target}/star" },
            "/v1/restores");
        star.GetProperty("state").GetString().ShouldBe("succeeded");
        (await File.ReadAllTextAsync($"{target}/star{source}/special/st*r [1].txt")).ShouldBe("star");
    }

    private async Task Removal(string first, string second)
    {
        var forget = await Backups.Run(new { kind = "forget", source_group = "files" });
        forget.GetProperty("result").GetProperty("removed").EnumerateArray().Select(id => id.GetString()).ShouldBe([first]);
        (await Backups.Items("/v1/snapshots?repository=vault")).Single().GetProperty("id").GetString().ShouldBe(second);
        await Backups.Fail(
            new { kind = "prune", repository = "same vault everyday", agent = FleetScripts.Wide, max_attempts = 1 }, "repository_denied");
        await Backups.Run(new { kind = "prune", repository = "vault", agent = FleetScripts.Wide });
        await Backups.Run(new { kind = "check", repository = "vault", agent = FleetScripts.Narrow, read_data_percent = 100 });
        var repository = await Backups.Get("/v1/repositories/vault");
        repository.GetProperty("stats").GetProperty("last_check_status").GetString().ShouldBe("ok");
        repository.GetProperty("stats").GetProperty("last_prune_at").ValueKind.ShouldBe(JsonValueKind.String);
        repository.GetProperty("stats").GetProperty("raw_size_bytes").GetInt64().ShouldBeGreaterThan(3_000_000);
        (await Backups.Items("/v1/repositories/vault/growth")).Count.ShouldBeGreaterThan(1);
    }

    private async Task NothingSecretIsShown()
    {
        (await Backups.Get("/v1/repositories")).GetRawText().ShouldNotContain(BackupClient.Password);
        (await Backups.Get("/v1/backups?limit=200")).GetRawText().ShouldNotContain(BackupClient.Password);
        (await SourceTree.Script($"grep -rl --binary-files=text {BackupClient.Password} \"$1\"/logs \"$1\"/data/worker-* || true", fleet.Home.Path))
            .ShouldBeEmpty();
        (string Table, string Column)[] places =
            [("work", "spec"), ("work_rows", "result"), ("journal", "data"), ("outbox", "body"), ("idempotent_answers", "body"), ("audit", "path")];
        foreach (var (table, column) in places)
        {
            (await fleet.Database.Count(
                $"select count(*) from {table} where position('{BackupClient.Password}' in {column}::text) > 0")).ShouldBe(0, table);
        }
    }
}
