using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.Snapshots;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Tests.Support;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Backups;

/// <summary>What agents say of repositories is taken from those who have to do with them, and about what they may speak of.</summary>
public sealed class RepositoryInventoryTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>, IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private readonly Guid _repository = WireId.New();
    private NpgsqlDataSource _database = null!;

    private RepositoryInventory Inventory => new(_database);

    public async Task InitializeAsync()
    {
        _database = NpgsqlDataSource.Create(house.ConnectionString);
        await using var db = house.Db();
        db.Add(new Repository { Id = _repository, Tenant = "default", Name = WireId.Format(_repository), CreatedAt = At, UpdatedAt = At });
        foreach (var agent in (string[])["one", "two"])
        {
            db.Add(new SourceGroup
            {
                Id = WireId.New(),
                Tenant = "default",
                Name = $"{agent} {_repository:N}",
                Agent = agent,
                RepositoryId = _repository,
                CreatedAt = At,
                UpdatedAt = At,
            });
        }

        await db.SaveChangesAsync();
    }

    public Task DisposeAsync() => _database.DisposeAsync().AsTask();

    [Fact]
    public async Task A_list_replaces_those_of_the_same_host_alone()
    {
        await Replace("one", "one", Told("a1", "one"), Told("a2", "one"));
        await Replace("two", "two", Told("b1", "two"));
        await Replace("one", "one", Told("a2", "one"), Told("a3", "one"));
        (await Ids()).ShouldBe(["a2", "a3", "b1"]);
    }

    [Fact]
    public async Task A_list_of_all_hosts_replaces_everything_and_keeps_what_it_does_not_tell()
    {
        await Replace("one", "one", Told("a1", "one") with { SizeBytes = 7, FileCount = 3 });
        await Replace("two", null, Told("a1", "one"), Told("b1", "two"));
        await using var db = house.Db();
        var kept = await db.Set<Snapshot>().SingleAsync(snapshot => snapshot.RepositoryId == _repository && snapshot.Id == "a1");
        (kept.Agent, kept.SizeBytes, kept.FileCount).ShouldBe(("one", 7, 3));
        kept.Tags.ShouldBe(["files", "more"]);
        kept.Paths.ShouldBe(["/a", "/b c"]);
        await Replace("two", null);
        (await Ids()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_has_nothing_to_do_with_a_repository_is_not_believed()
    {
        var id = WireId.Format(_repository);
        (await Inventory.Replace("stranger", id, new SnapshotsReport([Told("x", "stranger")]), default)).ShouldBeFalse();
        (await Inventory.Apply("stranger", id, new RepositoryStats(1), default)).ShouldBeFalse();
        (await Inventory.Apply("one", WireId.Format(WireId.New()), new RepositoryStats(1), default)).ShouldBeFalse();
        (await Inventory.Apply("one", "nonsense", new RepositoryStats(1), default)).ShouldBeFalse();
        (await Ids()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_patch_leaves_out_keeps_its_value()
    {
        var id = WireId.Format(_repository);
        (await Inventory.Apply("one", id, new RepositoryStats(100, 50, 7, 3), default)).ShouldBeTrue();
        (await Inventory.Apply("two", id, new RepositoryStats(LastCheckAt: At, LastCheckStatus: "ok", LockPresent: false), default)).ShouldBeTrue();
        await using var db = house.Db();
        var view = RepositoryView.Of(await db.Set<Repository>().SingleAsync(one => one.Id == _repository)).Stats;
        (view.TotalSizeBytes, view.RawSizeBytes, view.DedupRatio, view.SnapshotCount).ShouldBe((100, 50, 2.0, 3));
        (view.LastCheckAt, view.LastCheckStatus, view.LockPresent, view.LastPruneAt).ShouldBe((At, "ok", false, null));
        (await db.Set<RepositorySize>().CountAsync(size => size.RepositoryId == _repository)).ShouldBe(1); // the other told no size
    }

    private static ReportedSnapshot Told(string id, string host) => new(id, id, At, host, ["/a", "/b c"], ["files", "more"]);

    private async Task Replace(string agent, string? host, params ReportedSnapshot[] snapshots) =>
        (await Inventory.Replace(agent, WireId.Format(_repository), new SnapshotsReport(snapshots, host), default)).ShouldBeTrue();

    private async Task<List<string>> Ids()
    {
        await using var db = house.Db();
        return await db.Set<Snapshot>().Where(snapshot => snapshot.RepositoryId == _repository)
            .OrderBy(snapshot => snapshot.Id).Select(snapshot => snapshot.Id).ToListAsync();
    }
}
