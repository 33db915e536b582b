using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>Reads backfills, and the ledger as far as they go by it.</summary>
internal sealed class BackfillStore(IDbContextFactory<FleetDbContext> contexts)
{
    public async Task<List<Backfill>> Running(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Backfill>().AsNoTracking()
            .Where(backfill => backfill.State == BackfillStates.Running).OrderBy(backfill => backfill.CorrelationId).ToListAsync(stop);
    }

    public async Task<PageOf<BackfillView>> List(Guid schedule, Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Backfill>().AsNoTracking().Where(backfill => backfill.ScheduleId == schedule);
        if (page.AfterId is { } after)
            found = found.Where(backfill => backfill.CorrelationId < after);
        var rows = await found.OrderByDescending(backfill => backfill.CorrelationId).Take(page.Limit + 1).ToListAsync(stop);
        return page.Cut(rows, row => row.CorrelationId, BackfillView.Of);
    }

    public async Task<Backfill?> Find(Guid schedule, string wireId, CancellationToken stop)
    {
        if (!WireId.TryParse(wireId, out var id))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Backfill>().AsNoTracking()
            .SingleOrDefaultAsync(backfill => backfill.CorrelationId == id && backfill.ScheduleId == schedule, stop);
    }

    public async Task<Schedule?> ScheduleOf(Backfill backfill, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Schedule>().AsNoTracking().SingleOrDefaultAsync(row => row.CorrelationId == backfill.ScheduleId, stop);
    }

    /// <summary>How much of what it started has not ended.</summary>
    public async Task<int> Open(Backfill backfill, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Occurrence>().CountAsync(
            one => one.IsOpen && one.ScheduleId == backfill.ScheduleId && one.BackfillId == backfill.CorrelationId, stop);
    }

    /// <summary>What became of due times before.</summary>
    public async Task<Dictionary<DateTimeOffset, Occurrence>> Recorded(
        Guid schedule, DateTimeOffset from, DateTimeOffset until, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Occurrence>().AsNoTracking()
            .Where(one => one.ScheduleId == schedule && one.DueAt >= from && one.DueAt <= until)
            .ToDictionaryAsync(one => one.DueAt, stop);
    }
}
