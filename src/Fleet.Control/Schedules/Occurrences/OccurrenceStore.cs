using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>The ledger, as far as it is read.</summary>
internal sealed class OccurrenceStore(IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, StartedStates started)
{
    private const string LastOfEach =
        """
        select last.schedule_id, last.due_at, last.outcome, last.reason, last.detail, last.lateness_ms, last.recorded_at,
               last.started_kind, last.work_id, last.work_state, last.ended_at, work.state, last.is_open, last.work_kind
        from unnest($1) as wanted (id)
        cross join lateral (
            select * from schedule_occurrences where schedule_id = wanted.id order by due_at desc limit 1) last
        left join work_state work on last.is_open and work.id = last.work_id
        """;

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
        var states = await started.Of(rows, stop);
        return page.Cut(rows, OccurrenceFilter.PositionOf, row => View(row, states));
    }

    /// <summary>The latest due time of each schedule that has one, and how what it started stands.</summary>
    public async Task<IReadOnlyDictionary<Guid, OccurrenceView>> Last(Guid[] schedules, CancellationToken stop)
    {
        var rows = await database.Query(LastOfEach, Read, stop, SqlValue.Of(schedules));
        var groups = await started.Of(rows.Select(row => row.Last).Where(last => last.WorkKind is null), stop);
        return rows.ToDictionary(
            row => row.Last.ScheduleId,
            row => started.View(row.Last, row.State ?? (row.Last.WorkId is { } id ? groups.GetValueOrDefault(id) : null)));
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

    /// <summary>Of schedules that do not count them: how many of the last hundred failed, up to now, since a success.</summary>
    public async Task<IReadOnlyDictionary<Guid, int>> Failures(Guid[] schedules, CancellationToken stop) => (await database.Query(
        FailuresOf("$1"), row => (row.GetGuid(0), row.GetInt32(1)), stop, SqlValue.Of(schedules))).ToDictionary();

    /// <summary>The same as a part of a statement, with the columns <c>id</c> and <c>failures</c>.</summary>
    /// <param name="schedules">An array of their ids, as an expression.</param>
    public static string FailuresOf(string schedules) =>
        $"""
        select wanted.id, count(*)::int as failures from unnest({schedules}) as wanted (id)
        cross join lateral (
            select outcome, work_state, bool_or(coalesce(work_state, '') = 'succeeded') over (order by due_at desc) as is_older
            from (select * from schedule_occurrences where schedule_id = wanted.id order by due_at desc limit {Rated}) late) last
        where not last.is_older and (last.outcome = 'failed' or last.work_state not in ('succeeded', 'cancelled'))
        group by wanted.id
        """;

    public async Task<OccurrenceView> View(Occurrence row, CancellationToken stop) => View(row, await started.Of([row], stop));

    private OccurrenceView View(Occurrence row, IReadOnlyDictionary<Guid, string> states) =>
        started.View(row, row.WorkId is { } work ? states.GetValueOrDefault(work) : null);

    private static (Occurrence Last, string? State) Read(NpgsqlDataReader row) => (
        new Occurrence
        {
            ScheduleId = row.GetGuid(0),
            DueAt = row.GetFieldValue<DateTimeOffset>(1),
            Outcome = row.GetString(2),
            Reason = Text(row, 3),
            Detail = Text(row, 4),
            LatenessMs = row.GetInt64(5),
            RecordedAt = row.GetFieldValue<DateTimeOffset>(6),
            StartedKind = Text(row, 7),
            WorkId = row.IsDBNull(8) ? null : row.GetGuid(8),
            WorkState = Text(row, 9),
            EndedAt = row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10),
            IsOpen = row.GetBoolean(12),
            WorkKind = Text(row, 13),
        },
        Text(row, 11));

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
