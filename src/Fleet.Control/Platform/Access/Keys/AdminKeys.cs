using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Access.Keys;

/// <summary>There is always a usable key that may do everything. Whoever changes that holds this lock.</summary>
internal static class AdminKeys
{
    private const long LockNumber = 0x666C656574_0001; // "fleet", 1

    /// <summary>Held until the transaction of the context ends.</summary>
    public static Task Lock(FleetDbContext db, CancellationToken stop) =>
        db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockNumber})", stop);

    /// <summary>Admin keys of the default tenant that open doors at this moment.</summary>
    public static IQueryable<ApiKey> Usable(FleetDbContext db, DateTimeOffset now) => db.Set<ApiKey>().Where(key =>
        key.Tenant == Tenants.Default
        && key.Scopes.Contains("admin")
        && key.RevokedAt == null
        && (key.ExpiresAt == null || key.ExpiresAt > now));
}
