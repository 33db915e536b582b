using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>Which names, or versions of them, nothing starts of.</summary>
internal sealed class RevocationStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <summary>Nothing of it starts any more; it need not be in the catalogue.</summary>
    /// <param name="version">Empty means all versions.</param>
    /// <param name="isRemoval">It holds until the manifest is posted again; one that was asked for before stays as it is.</param>
    public Task Revoke(string name, string version, Caller by, CancellationToken stop, bool isRemoval = false) =>
        Set(name, version, by, clock.Now, isRemoval, stop);

    public Task Restore(string name, string version, Caller by, CancellationToken stop) => Set(name, version, by, null, false, stop);

    /// <summary>What was removed is back.</summary>
    public static Task Undo(FleetDbContext db, string name, Caller by, CancellationToken stop) => db.Database.ExecuteSqlAsync(
        $"""
        update manifest_revocations set revoked_at = null, by_removal = false, by = {by.Name}
        where tenant = {by.Tenant} and name = {name} and by_removal
        """,
        stop);

    public async Task<bool> Holds(string name, string version, string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Revocation>().AnyAsync(
            one => one.Tenant == tenant && one.Name == name && (one.Version == "" || one.Version == version) && one.RevokedAt != null,
            stop);
    }

    /// <summary>All that were ever revoked, by name.</summary>
    public async Task<List<Revocation>> List(string tenant, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Revocation>().AsNoTracking().Where(one => one.Tenant == tenant).OrderBy(one => one.Name).ToListAsync(stop);
    }

    private async Task Set(string name, string version, Caller by, DateTimeOffset? at, bool isRemoval, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into manifest_revocations (tenant, name, version, revoked_at, by, by_removal)
            values ({by.Tenant}, {name}, {version}, {at}, {by.Name}, {isRemoval})
            on conflict (tenant, name, version) do update
            set revoked_at = excluded.revoked_at, by = excluded.by, by_removal = excluded.by_removal
            where not excluded.by_removal or manifest_revocations.revoked_at is null
            """,
            stop);
    }
}
