using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Catalogue;

/// <summary>Which names, or versions of them, nothing starts of.</summary>
internal sealed class RevocationStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <summary>Nothing of it starts any more; it need not be in the catalogue.</summary>
    /// <param name="version">Empty means all versions.</param>
    public Task Revoke(string name, string version, Caller by, CancellationToken stop) => Set(name, version, by, clock.Now, stop);

    public Task Restore(string name, string version, Caller by, CancellationToken stop) => Set(name, version, by, null, stop);

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

    private async Task Set(string name, string version, Caller by, DateTimeOffset? at, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into manifest_revocations (tenant, name, version, revoked_at, by)
            values ({by.Tenant}, {name}, {version}, {at}, {by.Name})
            on conflict (tenant, name, version) do update set revoked_at = excluded.revoked_at, by = excluded.by
            """,
            stop);
    }
}
