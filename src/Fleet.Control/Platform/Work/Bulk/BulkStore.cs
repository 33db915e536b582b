using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>Bulk work in the database, as far as a caller may see it.</summary>
internal sealed class BulkStore(IDbContextFactory<FleetDbContext> contexts)
{
    private const int MostAtOnce = 16;

    public async Task<BulkRun?> Find(string wireId, Caller caller, CancellationToken stop)
    {
        if (!WireId.TryParse(wireId, out var id))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<BulkRun>().AsNoTracking().SeenBy(caller).SingleOrDefaultAsync(run => run.CorrelationId == id, stop);
    }

    /// <param name="families">Only runs about work of these.</param>
    public async Task<IReadOnlyList<BulkRun>> List(string[] families, Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var after = page.AfterId;
        return await db.Set<BulkRun>().AsNoTracking().SeenBy(caller)
            .Where(run => families.Contains(run.Family) && (after == null || run.CorrelationId < after))
            .OrderByDescending(run => run.CorrelationId).Take(page.Limit + 1).ToListAsync(stop);
    }

    /// <summary>What is to be done, oldest first.</summary>
    public async Task<IReadOnlyList<BulkRun>> Running(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<BulkRun>().AsNoTracking()
            .Where(run => run.State == nameof(BulkState.Running))
            .OrderBy(run => run.CorrelationId).Take(MostAtOnce).ToListAsync(stop);
    }

    public async Task Forget(DateTimeOffset before, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<BulkRun>().Where(run => run.FinishedAt < before).ExecuteDeleteAsync(stop);
    }
}
