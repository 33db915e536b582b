using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Declared;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// By the clock, on the Control that leads: links the ends of groups of work to the occurrences that started them. Who has the
/// groups is asked how they stand, so that no end is lost, whichever process it happened in.
/// </summary>
internal sealed class GroupEnds(
    NpgsqlDataSource database, IDbContextFactory<FleetDbContext> contexts, Submissions submissions, DeclaredStore declared,
    DeclaredFailures failures, DomainEventWriters announcer, ScheduleSettings settings, DatabaseClock time, Leadership leadership,
    TimeProvider clock, ILogger<GroupEnds> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(1), clock)
{
    /// <summary>A group that is not there any more: how it ended is not known, and counts for nothing.</summary>
    private const string Gone = "cancelled";

    private const int MostAtOnce = 1000;

    private static readonly (DateTimeOffset At, Guid Id) Beginning = (DateTimeOffset.UnixEpoch, Guid.Empty);

    private (DateTimeOffset At, Guid Id) _seen = Beginning;

    /// <summary>
    /// Looks at the next of those that are open, and after the last begins anew: however many do not end, all are seen in turn.
    /// </summary>
    /// <returns>How many were closed.</returns>
    public async Task<int> Look(CancellationToken stop)
    {
        var open = await database.Query(
            $"""
            select started_kind, work_id, recorded_at, id, schedule_id from schedule_occurrences
            where is_open and work_kind is null and (recorded_at, id) > ($1, $2) order by recorded_at, id limit {MostAtOnce}
            """,
            row => (
                Kind: row.GetString(0), Id: row.GetGuid(1), Place: (row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3)),
                Schedule: row.GetGuid(4)),
            stop, SqlValue.Of(_seen.At), SqlValue.Of(_seen.Id));
        var ended = new Dictionary<Guid, string>();
        foreach (var kind in open.GroupBy(one => one.Kind))
        {
            if (submissions.Find(kind.Key)?.Groups is not { } groups)
                continue;
            var states = await groups.States([.. kind.Select(one => one.Id)], stop);
            foreach (var (_, id, _, _) in kind)
            {
                if ((states.GetValueOrDefault(id) is { } state ? state.End : Gone) is { } end)
                    ended[id] = end;
            }
        }

        if (ended.Count > 0)
            await Close(ended, [.. open.Where(one => ended.ContainsKey(one.Id)).Select(one => one.Schedule).Distinct()], stop);
        _seen = open.Count < MostAtOnce ? Beginning : open[^1].Place; // once they are closed: a failure looks at them again
        return ended.Count;
    }

    private async Task Close(Dictionary<Guid, string> ended, Guid[] schedules, CancellationToken stop)
    {
        var now = time.Now;
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await db.Execute(
            OccurrenceEnds.Close, SqlValue.Column(ended.Keys), SqlValue.Column(ended.Values), SqlValue.Of(now),
            SqlValue.Of(settings.FailingAfter));
        var told = await announcer.Owe(db, await failures.Of(db, schedules, now, Find), stop);
        await transaction.CommitAsync(stop);
        told();

        async Task<DecidedSchedule?> Find(Guid id) => await declared.Find(id, stop) is { Schedule: { } found }
            ? new DecidedSchedule(found.Id, found.Tenant, found.Name)
            : null;
    }

    protected override Task Round(CancellationToken stop) => Look(stop);

    protected override void RoundFailed(Exception failure) => ScheduleLog.EndsNotSeen(logger, failure.Message);
}
