using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>What decisions about due times are made from.</summary>
internal sealed class DueQueries(IDbContextFactory<FleetDbContext> contexts, FreezeStore freezes)
{
    /// <summary>The schedules of a lane that have waited longest for a decision.</summary>
    /// <param name="lane">Null for all of them.</param>
    public async Task<List<Schedule>> Due(int? lane, DateTimeOffset now, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var due = db.Set<Schedule>().AsNoTracking().Where(schedule => schedule.WakeAt <= now);
        if (lane is { } one)
            due = due.Where(schedule => schedule.Lane == one);
        return await due.OrderBy(schedule => schedule.WakeAt).Take(most).ToListAsync(stop);
    }

    /// <summary>Read after the schedules: what ends meanwhile changes their rows.</summary>
    public async Task<ILookup<Guid, OpenWork>> Open(IReadOnlyCollection<Guid> schedules, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var open = await db.Set<Occurrence>().AsNoTracking()
            .Where(one => one.IsOpen && schedules.Contains(one.ScheduleId))
            .Select(one => new OpenWork(one.ScheduleId, one.WorkId!.Value, one.StartedKind!, one.WorkKind)).ToListAsync(stop);
        return open.ToLookup(work => work.Schedule);
    }

    public Task<IReadOnlyList<Freeze>> Freezes(CancellationToken stop) => freezes.List(stop);

    /// <summary>How long the schedule that has waited longest has done so.</summary>
    public async Task<TimeSpan> Overdue(DateTimeOffset now, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var first = await db.Set<Schedule>().Where(schedule => schedule.WakeAt <= now).MinAsync(schedule => schedule.WakeAt, stop);
        return first is { } at ? now - at : TimeSpan.Zero;
    }
}
