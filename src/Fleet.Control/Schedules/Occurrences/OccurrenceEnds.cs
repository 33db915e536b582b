using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// Links the end of what schedules started to their occurrences. The schedule's row changes too: whoever is about to
/// decide on what ran until now notices, and decides anew.
/// </summary>
internal sealed class OccurrenceEnds(ScheduleSettings settings) : IWorkEndWriter
{
    /// <summary>Takes ids, the words of their ends, the present time, and from how many failures in a row on it is told.</summary>
    public const string Close =
        """
        with closed as (
            update schedule_occurrences kept set is_open = false, work_state = ended.state, ended_at = $3, version = kept.version + 1
            from unnest($1, $2) as ended (id, state) where kept.work_id = ended.id and kept.is_open
            returning kept.schedule_id, ended.state),
        told as (
            select schedule_id, count(*) filter (where state not in ('succeeded', 'cancelled')) as failed,
                   bool_or(state = 'succeeded') as worked
            from closed group by schedule_id)
        update schedules kept set version = kept.version + 1,
            failures = case when told.worked then 0 else kept.failures + told.failed end,
            told_failing = kept.told_failing and not told.worked,
            wake_at = case
                when kept.paused then kept.wake_at
                when (kept.pending_due is not null and kept.pending_retry_at is null)
                    or (not told.worked and not kept.told_failing and kept.failures + told.failed >= $4) then least(kept.wake_at, $3)
                else kept.wake_at end
        from told where kept.id = told.schedule_id
        """;

    public void AddUpdates(NpgsqlBatch batch, IReadOnlyCollection<WorkEnd> ends, DateTimeOffset now) => batch.Add(
        Close,
        SqlValue.Column(ends.Select(end => end.Work)),
        SqlValue.Column(ends.Select(end => WorkStates.WordOf(end.State)!)),
        SqlValue.Of(now),
        SqlValue.Of(settings.FailingAfter));
}
