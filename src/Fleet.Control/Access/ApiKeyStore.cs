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
        var after = page.AfterId;
        return await db.Set<ApiKey>().AsNoTracking().SeenBy(caller).Where(key => after == null || key.Id < after)
            .OrderByDescending(key => key.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<ApiKey?> Find(Guid id, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ApiKey>().AsNoTracking().SeenBy(caller).SingleOrDefaultAsync(key => key.Id == id, stop);
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
            if (await db.Set<ApiKey>().SeenBy(caller).SingleOrDefaultAsync(key => key.Id == id, stop) is not { } key)
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
