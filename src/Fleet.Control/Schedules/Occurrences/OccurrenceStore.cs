using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>The ledger, as far as it is read.</summary>
internal sealed class OccurrenceStore(IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database)
{
    /// <summary>The success rate is that of so many of the last that ended.</summary>
    private const int Rated = 100;

    /// <summary>They are looked for among so many.</summary>
    private const int LookedAt = 1000;

    /// <summary>Newest due time first.</summary>
    public async Task<PageOf<OccurrenceView>> List(Guid schedule, OccurrenceFilter filter, Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Occurrence>().AsNoTracking().Where(one => one.ScheduleId == schedule);
        if (filter.Outcomes.Count > 0)
            found = found.Where(one => filter.Outcomes.Contains(one.Outcome));
        if (filter.Since is { } since)
            found = found.Where(one => one.DueAt >= since);
        if (filter.Until is { } until)
            found = found.Where(one => one.DueAt < until);
        if (OccurrenceFilter.Before(page) is { } before)
            found = found.Where(one => one.DueAt < before);
        var rows = await found.OrderByDescending(one => one.DueAt).Take(page.Limit + 1).ToListAsync(stop);
        var states = await States(rows, stop);
        return page.Cut(rows, OccurrenceFilter.PositionOf, row => View(row, states));
    }

    /// <summary>The latest due time of each schedule that has one.</summary>
    public async Task<IReadOnlyDictionary<Guid, OccurrenceView>> Last(Guid[] schedules, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rows = await db.Set<Occurrence>().FromSql(
            $"""
            select last.* from unnest({schedules}) as wanted (id) cross join lateral (
                select * from schedule_occurrences where schedule_id = wanted.id order by due_at desc limit 1) last
            """).AsNoTracking().ToListAsync(stop);
        var states = await States(rows, stop);
        return rows.ToDictionary(row => row.ScheduleId, row => View(row, states));
    }

    /// <summary>What part of the last that ended succeeded; null where none has ended.</summary>
    public async Task<double?> SuccessRate(Guid schedule, CancellationToken stop) => (await database.Query(
        $"""
        select avg((work_state = 'succeeded')::int)::float8 from (
            select work_state from (
                select work_state from schedule_occurrences where schedule_id = $1 order by due_at desc limit {LookedAt}) late
            where work_state <> 'cancelled' limit {Rated}) last
        """,
        row => row.IsDBNull(0) ? (double?)null : row.GetDouble(0),
        stop,
        SqlValue.Of(schedule))).Single();

    public async Task<OccurrenceView> View(Occurrence row, CancellationToken stop) => View(row, await States([row], stop));

    private static OccurrenceView View(Occurrence row, IReadOnlyDictionary<Guid, string> states) =>
        OccurrenceView.Of(row, row.WorkId is { } work ? states.GetValueOrDefault(work) : null);

    /// <summary>Of the work that has not ended, as words.</summary>
    private async Task<IReadOnlyDictionary<Guid, string>> States(IReadOnlyList<Occurrence> rows, CancellationToken stop)
    {
        var open = rows.Where(row => row.IsOpen).Select(row => row.WorkId!.Value).ToArray();
        if (open.Length == 0)
            return new Dictionary<Guid, string>();
        var states = await database.Query(
            "select id, state from work_state where id = any($1)", row => (row.GetGuid(0), row.GetString(1)), stop, SqlValue.Of(open));
        return states.ToDictionary(state => state.Item1, state => WorkStates.WordOf(state.Item2)!);
    }
}
