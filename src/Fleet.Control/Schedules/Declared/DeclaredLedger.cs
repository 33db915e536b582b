using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules.Declared;

/// <summary>Writes into the ledger what other slices decided about their schedules.</summary>
internal sealed class DeclaredLedger(DeclaredFailures failures) : IOccurrenceLedger
{
    private const string Insert =
        """
        insert into schedule_occurrences (
            id, version, schedule_id, due_at, outcome, reason, detail, recorded_at, lateness_ms, started_kind, work_id, is_open)
        select $1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10 is not null
        where not ($11 and $4 = 'failed' and coalesce((
            select (last.outcome, last.reason, last.detail) is not distinct from ($4, $5, $6) from schedule_occurrences last
            where last.schedule_id = $2 order by last.due_at desc limit 1), false))
        on conflict (schedule_id, due_at) do nothing
        """;

    public async Task Record(UnitOfWork unit, DecidedSchedule schedule, IReadOnlyList<DecidedOccurrence> decided)
    {
        var recorded = new List<PlannedOccurrence>();
        foreach (var one in decided)
        {
            var (outcome, reason) = WordsOf(one);
            await using var insert = unit.Db.CreateCommand(
                Insert, SqlValue.Of(Guid.CreateVersion7(unit.Now)), SqlValue.Of(schedule.Id), SqlValue.Of(one.DueAt.UtcDateTime),
                SqlValue.Of(outcome), SqlValue.Maybe(reason), SqlValue.Maybe(one.Detail), SqlValue.Of(unit.Now.UtcDateTime),
                SqlValue.Of(Math.Max(0, (long)(unit.Now - one.DueAt).TotalMilliseconds)), SqlValue.Maybe(one.Started?.Kind),
                SqlValue.Maybe(one.Started?.Group), SqlValue.Of(one.IsLook));
            if (await insert.ExecuteNonQueryAsync() == 1)
                recorded.Add(new PlannedOccurrence(one.DueAt, outcome, reason, one.Detail));
        }

        foreach (var happened in ScheduleEvents.Of(schedule, recorded, unit.Now))
            unit.Announce(happened);
        if (!recorded.Any(one => one.Outcome == Outcomes.Failed))
            return;
        foreach (var failing in await failures.Of(unit.Db, [schedule.Id], unit.Now, _ => Task.FromResult<DecidedSchedule?>(schedule)))
            unit.Announce(failing);
    }

    private static (string Outcome, string? Reason) WordsOf(DecidedOccurrence one) => one.Outcome switch
    {
        DueOutcome.Started => (Outcomes.Started, one.Reason),
        DueOutcome.Frozen => (Outcomes.Skipped, Reasons.Frozen),
        DueOutcome.Missed => (Outcomes.Missed, Reasons.CatchUpWindow),
        DueOutcome.Late => (Outcomes.Late, Reasons.StartingDeadline),
        _ => (Outcomes.Failed, one.Reason),
    };
}
