using Fleet.Cli.Tests.Support;

namespace Fleet.Cli.Tests;

/// <summary>Backups from the command line.</summary>
public sealed class BackupTests(FakeFleet fleet) : IClassFixture<FakeFleet>
{
    private const string Id = "01JT00000000000000000000B1";

    [Fact]
    public async Task A_backup_is_begun_and_followed_to_its_end()
    {
        Fill("succeeded");
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("backup", "now", "etc", "-o", "name")).ShouldBe(0, cli.Error);
        cli.Out.ShouldBe($"{Id}\n");
        fleet.Requests.Last(one => one.Route == "POST /v1/backups").Body.ShouldBe("""{"kind":"backup","source_group":"etc"}""");
    }

    [Fact]
    public async Task One_that_fails_is_its_exit_code()
    {
        Fill("failed");
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("backup", "now", "etc")).ShouldBe(5, cli.Error);
        var detached = new Support.Cli(fleet.Url);
        (await detached.Run("backup", "now", "etc", "--detach")).ShouldBe(0, detached.Error);
    }

    [Fact]
    public async Task A_restore_names_what_and_where_and_asks_before_it_overwrites()
    {
        Fill("succeeded");
        var cli = new Support.Cli(fleet.Url);
        (await cli.Run("backup", "restore", "abc123", "/etc/hosts", "--on", "worker-2", "--to", "/tmp/back", "-o", "name")).ShouldBe(0, cli.Error);
        fleet.Requests.Last(one => one.Route == "POST /v1/restores").Body.ShouldBe(
            """{"snapshot_id":"abc123","agent":"worker-2","paths":["/etc/hosts"],"target_dir":"/tmp/back"}""");
        var over = new Support.Cli(fleet.Url);
        (await over.Run("backup", "restore", "abc123", "--in-place")).ShouldBe(2);
        over.Error.ShouldContain("nobody can be asked here");
    }

    [Fact]
    public async Task Snapshots_are_listed_and_looked_into()
    {
        Fill("succeeded");
        var list = new Support.Cli(fleet.Url);
        (await list.Run("backup", "snapshots", "--on", "worker-1")).ShouldBe(0, list.Error);
        list.Out.ShouldContain("abc123");
        fleet.Requests.Last().Query.ShouldBe("?agent=worker-1");
        var tree = new Support.Cli(fleet.Url);
        (await tree.Run("backup", "browse", "abc123", "/etc", "-o", "name")).ShouldBe(0, tree.Error);
        tree.Out.ShouldBe("/etc/hosts\n/etc/ssl\n");
        fleet.Requests.Last().Query.ShouldBe("?path=%2Fetc");
    }

    private void Fill(string state)
    {
        fleet.Clear();
        fleet.On("POST /v1/backups", Backup("queued"), 202);
        fleet.On("POST /v1/restores", Backup("queued"), 202);
        fleet.On($"GET /v1/backups/{Id}", Backup(state));
        fleet.On("GET /v1/snapshots", Samples.Page(new
        {
            id = "abc123def456",
            short_id = "abc123",
            time = Samples.At(9, 0),
            agent = "worker-1",
            hostname = "host-1",
            paths = new[] { "/etc" },
            tags = Array.Empty<string>(),
            size_bytes = 4096,
            file_count = 2,
            repository_id = Id,
            refreshed_at = Samples.At(9, 1),
        }));
        fleet.On("GET /v1/snapshots/abc123/tree", new
        {
            items = new[] { new { name = "hosts", type = "file", path = "/etc/hosts" }, new { name = "ssl", type = "dir", path = "/etc/ssl" } },
            is_cut = false,
        });
    }

    private static object Backup(string state) => new
    {
        backup_id = Id,
        kind = "backup",
        state,
        issue_count = 0,
        repository = "main",
        repository_id = Id,
        source_group = "etc",
        priority = 5,
        attempt = 1,
        max_attempts = 1,
        created_at = Samples.At(11, 0),
    };
}
