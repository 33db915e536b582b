using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Declared;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.Timing;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Schedules;

/// <summary>Reads schedules, as far as the caller may see them.</summary>
internal sealed class ScheduleStore(
    IDbContextFactory<FleetDbContext> contexts, TermsReader reader, OccurrenceStore occurrences, LaneStore lanes, DeclaredStore declared)
{
    /// <summary>One that is to be changed. Null when there is none, or none for this caller.</summary>
    /// <exception cref="Platform.Http.ProblemException">It is a document of another slice.</exception>
    public async Task<Schedule?> Find(string wireId, Caller caller, CancellationToken stop)
    {
        if (await FindRow(wireId, caller, stop) is { } row)
            return row;
        return await declared.Find(wireId, caller, stop) is null ? null : throw DeclaredOperations.Refused;
    }

    /// <summary>Null when there is none, or none for this caller, or it is a document of another slice.</summary>
    public async Task<Schedule?> FindRow(string wireId, Caller caller, CancellationToken stop)
    {
        if (!WireId.TryParse(wireId, out var id))
            return null;
        await using var db = await contexts.CreateDbContextAsync(stop);
        var row = await db.Set<Schedule>().AsNoTracking().SingleOrDefaultAsync(schedule => schedule.CorrelationId == id, stop);
        return row is not null && caller.MaySee(row.Tenant) ? row : null;
    }

    /// <summary>Newest first.</summary>
    /// <param name="name">Null for every name.</param>
    public async Task<PageOf<ScheduleView>> List(string? name, Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Schedule>().AsNoTracking();
        if (!caller.MaySeeAll)
            found = found.Where(schedule => schedule.Tenant == caller.Tenant);
        if (name is not null)
            found = found.Where(schedule => schedule.Name == name);
        if (page.AfterId is { } after)
            found = found.Where(schedule => schedule.CorrelationId < after);
        var rows = await found.OrderByDescending(schedule => schedule.CorrelationId).Take(page.Limit + 1).ToListAsync(stop);
        var others = await declared.List(name, page.AfterId, page.Limit + 1, caller, stop);
        var last = await occurrences.Last([.. rows.Select(row => row.CorrelationId), .. others.Select(other => other.Id)], stop);
        var failures = others.Count == 0 ? null : await occurrences.Failures([.. others.Select(other => other.Id)], stop);
        var views = rows.Select(row => ScheduleView.Of(row, reader.Of(row), last.GetValueOrDefault(row.CorrelationId)))
            .Concat(others.Select(other =>
                DeclaredView.Of(other, last.GetValueOrDefault(other.Id), failures!.GetValueOrDefault(other.Id))))
            .OrderByDescending(view => view.ScheduleId).Take(page.Limit + 1).ToList();
        return page.Cut(views, view => view.ScheduleId, view => view);
    }

    /// <summary>With all that is shown of a single one: what does not need each other is asked for at once.</summary>
    public async Task<ScheduleView> View(Schedule row, CancellationToken stop)
    {
        var (last, rate, timing) = (
            occurrences.Last([row.CorrelationId], stop), occurrences.SuccessRate(row.CorrelationId, stop), lanes.Find(row.Lane, stop));
        await Task.WhenAll(last, rate, timing);
        return ScheduleView.Of(row, reader.Of(row), (await last).GetValueOrDefault(row.CorrelationId)) with
        {
            SuccessRate = await rate,
            Timing = await timing,
        };
    }
}
