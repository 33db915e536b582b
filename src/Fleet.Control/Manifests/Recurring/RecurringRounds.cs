using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// By the clock, on the Control that leads: starts what schedules of manifests are due to start. A look and what it starts are one
/// transaction, so that each is done once, whoever does it.
/// </summary>
internal sealed class RecurringRounds(
    Leadership leadership, ManifestSettings settings, RecurringStore store, ManifestStore manifests, ExecutionPlanner planner,
    AgentRecords records, AgentStarts agentStarts, GroupCommit commits, ExecutionStart start, DatabaseClock time, TimeProvider clock,
    ILogger<RecurringRounds> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(settings.RolloutSeconds), clock)
{
    private const int MostAtOnce = 100;

    private static readonly Dictionary<string, Guid> NoStarts = [];

    protected override void RoundFailed(Exception failure) => ManifestLog.NotRolledOut(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        foreach (var schedule in await store.Due(MostAtOnce, stop))
            await Look(schedule, time.Now, stop);
    }

    private async Task Look(RecurringSchedule schedule, DateTimeOffset now, CancellationToken stop)
    {
        var document = RecurringStore.Read(schedule);
        var next = document is null ? null : store.NextLook(document, now);
        var mayStart = document is not null && await MayStart(schedule, document, now, stop);
        var starts = mayStart && document!.When is EventWhen
            ? await agentStarts.Since(schedule, StartsCount(schedule, document, now), stop)
            : NoStarts;
        var plan = mayStart ? await Plan(schedule, document!, starts, now, stop) : null;
        var (execution, hosts) = plan is null
            ? (null, [])
            : ExecutionStart.Rows(plan, new Caller(schedule.Owner, schedule.By, schedule.Tenant, Scope.None), now);
        await commits.Run(execution is null ? [] : start.NewRows(execution, hosts), async unit =>
        {
            if (!await IsMine(unit, schedule, next) || execution is null)
                return;
            await AgentStarts.Remember(unit, schedule, starts);
            await ExecutionStart.Add(unit, ExecutionOperations.Copy(execution), hosts.ConvertAll(ExecutionOperations.Copy));
        }, stop: stop);
    }

    /// <summary>From when on starts of agents are acted on: not from before the schedule, nor long after they happened.</summary>
    private DateTimeOffset StartsCount(RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset now)
    {
        var late = now - (document.StartingDeadline ?? TimeSpan.FromSeconds(settings.CatchUpSeconds));
        return late > schedule.UpdatedAt ? late : schedule.UpdatedAt;
    }

    /// <summary>Another decision, or a change of the schedule, counts as a look too.</summary>
    private static async Task<bool> IsMine(UnitOfWork unit, RecurringSchedule schedule, DateTimeOffset? next)
    {
        await using var claim = unit.Db.CreateCommand(
            "update manifest_schedules set look_at = $4, looks = looks + 1 where tenant = $1 and name = $2 and looks = $3 and enabled",
            SqlValue.Of(schedule.Tenant), SqlValue.Of(schedule.Name), SqlValue.Of(schedule.Looks), SqlValue.Maybe(next?.UtcDateTime));
        return await claim.ExecuteNonQueryAsync() == 1;
    }

    private async Task<bool> MayStart(RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset now, CancellationToken stop)
    {
        if (await store.Freeze(schedule.Tenant, stop) is { } freeze && !(now < freeze.From) && !(now >= freeze.Until))
            return false;
        if (document.When is not CalendarWhen)
            return document.Allows(now);
        var catchUp = document.StartingDeadline ?? TimeSpan.FromSeconds(settings.CatchUpSeconds);
        return now - schedule.LookAt <= catchUp;
    }

    /// <summary>Null where nothing is due, or what is due cannot be had.</summary>
    private async Task<ExecutionPlan?> Plan(
        RecurringSchedule schedule, ScheduleDocument document, IReadOnlyDictionary<string, Guid> starts, DateTimeOffset now,
        CancellationToken stop)
    {
        if (document.When is EventWhen && starts.Count == 0)
            return null;
        if (await manifests.Find(document.JobId, schedule.Tenant, stop) is not { Document: { } manifest } entry)
            return null;
        try
        {
            var fanout = KanadeExecutionEndpoints.Fanout(document.Fanout);
            var terms = fanout.Terms with
            {
                TimeoutS = ExecutionPlanner.Seconds(manifest.Execute.Timeout),
                StaleAfterS = manifest.Staleness.MaxCacheAge?.TotalSeconds,
                MaxConcurrent = document.MaxConcurrent,
                DeadlineAt = document.StartingDeadline is { } within ? (schedule.LookAt ?? now) + within : fanout.Terms.DeadlineAt,
                Attempts = document.Attempts,
                RetryPauseS = document.Backoff?.TotalSeconds,
            };
            var plan = await planner.Plan(
                entry, manifest, fanout.Target, fanout.Waves, fanout.Parameters, terms, schedule.Tenant, stop) with
            {
                Schedule = schedule.Name,
            };
            if (document.When is ReconcileWhen when)
                plan = await OnlyDue(plan, when, schedule, document, now, stop);
            else if (document.When is EventWhen)
                plan = Only(plan, starts.Keys.ToHashSet());
            return plan.Hosts == 0 ? null : plan;
        }
        catch (ProblemException refused)
        {
            ManifestLog.NotStarted(logger, schedule.Name, refused.Problem.Detail);
            return null;
        }
    }

    private async Task<ExecutionPlan> OnlyDue(
        ExecutionPlan plan, ReconcileWhen when, RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset now,
        CancellationToken stop)
    {
        var target = await records.Of(schedule.Tenant, document.JobId, schedule.Name, [.. plan.Agents], stop);
        var due = Reconcile.Due(when, target, plan.ManifestVersion, now).ToHashSet();
        return Only(plan, due);
    }

    private static ExecutionPlan Only(ExecutionPlan plan, HashSet<string> due) =>
        plan with { Waves = [.. plan.Waves.Select(wave => (IReadOnlyList<string>)[.. wave.Where(due.Contains)])] };
}
