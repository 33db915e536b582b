using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Schedules.Declared;

/// <summary>Tells of schedules of other slices that fail again and again: once, until they have succeeded and do so again.</summary>
internal sealed class DeclaredFailures(ScheduleSettings settings)
{
    /// <summary>Before the ledger forgets the success.</summary>
    private const string Forget =
        """
        delete from schedules_failing known where known.schedule_id = any($1) and exists (
            select 1 from schedule_occurrences late
            where late.schedule_id = known.schedule_id and late.work_state = 'succeeded' and late.ended_at > known.told_at)
        """;

    private static readonly string Note =
        $"""
        with failing as (
            select wanted.id, counted.failures from unnest($1) as wanted (id)
            join ({OccurrenceStore.FailuresOf("$1")}) counted on counted.id = wanted.id
            where counted.failures >= $2 and not exists (select 1 from schedules where schedules.id = wanted.id)),
        told as (
            insert into schedules_failing (schedule_id, told_at) select id, $3 from failing
            on conflict do nothing
            returning schedule_id)
        select failing.id, failing.failures from failing join told on told.schedule_id = failing.id
        """;

    /// <summary>In the transaction in which something ended that one of these started.</summary>
    /// <param name="find">Null where a schedule is gone.</param>
    /// <returns>What is to be told.</returns>
    public async Task<List<DomainEvent>> Of(
        DbContext db, IReadOnlyCollection<Guid> schedules, DateTimeOffset now, Func<Guid, Task<DecidedSchedule?>> find)
    {
        await using (var forget = db.CreateCommand(Forget, SqlValue.Column(schedules)))
            await forget.ExecuteNonQueryAsync();
        var failing = new List<(Guid Id, int Times)>();
        await using (var note = db.CreateCommand(
            Note, SqlValue.Column(schedules), SqlValue.Of(settings.FailingAfter), SqlValue.Of(now)))
        await using (var rows = await note.ExecuteReaderAsync())
            failing.AddRange(await rows.ReadAll(row => (row.GetGuid(0), row.GetInt32(1)), default));

        var told = new List<DomainEvent>();
        foreach (var (id, times) in failing)
        {
            if (await find(id) is { } schedule)
                told.Add(ScheduleEvents.OfFailing(schedule, times, now));
        }

        return told;
    }
}
