using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Access;

/// <summary>The keys in the database, as far as a caller may see them.</summary>
internal sealed class ApiKeyStore(
    IDbContextFactory<FleetDbContext> contexts, ApiKeyCache cache, AccessSettings settings, TimeProvider clock)
{
    public async Task<ApiKey> Add(FleetDbContext db, ApiKeyDraft draft, string text, Caller caller, CancellationToken stop)
    {
        var key = new ApiKey
        {
            Id = WireId.New(),
            Name = draft.Name,
            Tenant = draft.Tenant,
            Sha256 = ApiKeyText.Hash(text).ToBytes(),
            Scopes = ScopeNames.Of(draft.Scopes),
            CreatedAt = clock.GetUtcNow(),
            CreatedBy = caller.KeyId,
            ExpiresAt = draft.ExpiresAt,
        };
        db.Add(key);
        await db.SaveChangesAsync(stop);
        return key;
    }

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<ApiKey>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var keys = db.Set<ApiKey>().AsNoTracking();
        if (!caller.MaySeeAll)
            keys = keys.Where(key => key.Tenant == caller.Tenant);
        if (page.AfterId is { } after)
            keys = keys.Where(key => key.Id < after);
        return await keys.OrderByDescending(key => key.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<ApiKey?> Find(Guid id, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var key = await db.Set<ApiKey>().AsNoTracking().FirstOrDefaultAsync(key => key.Id == id, stop);
        return key is not null && caller.MaySee(key.Tenant) ? key : null;
    }

    /// <summary>
    /// When this has returned <see cref="Revocation.Done"/>, no Control process lets the key in any more.
    /// </summary>
    public async Task<Revocation> Revoke(Guid id, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using (var transaction = await db.Database.BeginTransactionAsync(stop))
        {
            await AdminKeys.Lock(db, stop);
            var key = await db.Set<ApiKey>().FirstOrDefaultAsync(key => key.Id == id, stop);
            if (key is null || !caller.MaySee(key.Tenant))
                return Revocation.Unknown;
            if (await IsLastAdmin(db, id, stop))
                return Revocation.LastAdmin;
            key.RevokedAt ??= clock.GetUtcNow();
            await db.SaveChangesAsync(stop);
            await transaction.CommitAsync(stop);
            cache.Forget(KeyHash.FromBytes(key.Sha256));
        }

        await Task.Delay(TimeSpan.FromSeconds(settings.CacheSeconds), clock, stop);
        return Revocation.Done;
    }

    private async Task<bool> IsLastAdmin(FleetDbContext db, Guid id, CancellationToken stop)
    {
        var usable = await AdminKeys.Usable(db, clock.GetUtcNow()).Select(key => key.Id).Take(2).ToListAsync(stop);
        return usable is [var only] && only == id;
    }
}

/// <summary>What became of a wish to revoke a key.</summary>
internal enum Revocation
{
    Done,
    Unknown,
    LastAdmin,
}
