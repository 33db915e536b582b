using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// By the clock, on the Control that leads: starts what schedules of manifests are due to start. A look, what it starts and its
/// rows of the ledger are one transaction, so that each is done once, whoever does it.
/// </summary>
internal sealed class RecurringRounds(
    Leadership leadership, ManifestSettings settings, RecurringStore store, RecurringDecisions decisions, IOccurrenceLedger ledger,
    GroupCommit commits, ExecutionStart start, DatabaseClock time, TimeProvider clock, ILogger<RecurringRounds> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(settings.RolloutSeconds), clock)
{
    private const int MostAtOnce = 100;

    /// <summary>What it starts, as submissions are named.</summary>
    private const string Kind = "execution";

    /// <summary>A Control of a version before may store, or look at, a schedule meanwhile.</summary>
    private static readonly TimeSpan FollowAgain = TimeSpan.FromMinutes(1);

    private DateTimeOffset _followed;

    protected override void RoundFailed(Exception failure) => ManifestLog.NotRolledOut(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        if (time.Now - _followed >= FollowAgain)
        {
            await store.FollowAnew(stop);
            _followed = time.Now;
        }

        foreach (var schedule in await store.Due(MostAtOnce, stop))
            await Look(schedule, time.Now, stop);
    }

    private async Task Look(RecurringSchedule schedule, DateTimeOffset now, CancellationToken stop)
    {
        if (RecurringStore.Read(schedule) is not { } document)
        {
            await commits.Run([], unit => IsMine(unit, schedule, null), stop: stop);
            return;
        }

        var decision = await decisions.Of(schedule, document, now, stop);
        if (decision.Refusal is { } why)
            ManifestLog.NotStarted(logger, schedule.Name, why);
        var (execution, hosts) = decision.Plan is not { } plan
            ? (null, [])
            : ExecutionStart.Rows(plan, new Caller(schedule.Owner, schedule.By, schedule.Tenant, Scope.None), now);
        await commits.Run(execution is null ? [] : start.NewRows(execution, hosts), async unit =>
        {
            if (!await IsMine(unit, schedule, store.NextLook(document, now)))
                return;
            DecidedOccurrence[] started = execution is null
                ? []
                : [new(decision.StartsAt, DueOutcome.Started, Started: (Kind, execution.CorrelationId))];
            await ledger.Record(
                unit, new DecidedSchedule(schedule.Id, schedule.Tenant, schedule.Name), [.. decision.Occurrences, .. started]);
            await FollowedEvents.Remember(unit, schedule, decision.Events);
            if (execution is null)
                return;
            await ExecutionStart.Add(unit, ExecutionOperations.Copy(execution), hosts.ConvertAll(ExecutionOperations.Copy));
        }, stop: stop);
    }

    /// <summary>Another decision, or a change of the schedule, counts as a look too.</summary>
    private static async Task<bool> IsMine(UnitOfWork unit, RecurringSchedule schedule, DateTimeOffset? next)
    {
        await using var claim = unit.Db.CreateCommand(
            "update manifest_schedules set look_at = $4, looks = looks + 1 where tenant = $1 and name = $2 and looks = $3 and enabled",
            SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name), SqlValue.Of(schedule.Looks), SqlValue.Maybe(next?.UtcDateTime));
        return await claim.ExecuteNonQueryAsync() == 1;
    }
}
