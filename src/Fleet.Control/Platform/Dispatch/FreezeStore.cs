using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>What is frozen. The dispatching process reads it anew with every round, which is every second at least.</summary>
internal sealed class FreezeStore(IDbContextFactory<FleetDbContext> contexts, WorkSignal signal)
{
    private volatile IReadOnlyList<Freeze> _known = [];

    /// <summary>As far as the last round saw.</summary>
    public bool Hold(DemandClass demand) => _known.Any(freeze => freeze.Covers(demand));

    public async Task Refresh(CancellationToken stop) => _known = await List(stop);

    public async Task<IReadOnlyList<Freeze>> List(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Freeze>().AsNoTracking().OrderBy(freeze => freeze.Name).ThenBy(freeze => freeze.Tenant).ToListAsync(stop);
    }

    /// <summary>One of the same name is replaced.</summary>
    public async Task Put(Freeze freeze, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into freezes (tenant, name, kinds, reason, by, at)
            values ({freeze.Tenant}, {freeze.Name}, {freeze.Kinds}, {freeze.Reason}, {freeze.By}, {freeze.At})
            on conflict (tenant, name) do update
            set kinds = excluded.kinds, reason = excluded.reason, by = excluded.by, at = excluded.at
            """,
            stop);
        signal.Set();
    }

    /// <summary>False when there was none of that name.</summary>
    public async Task<bool> Remove(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var wasThere = await db.Set<Freeze>()
            .Where(freeze => freeze.Tenant == tenant && freeze.Name == name).ExecuteDeleteAsync(stop) > 0;
        signal.Set();
        return wasThere;
    }
}
