using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Submissions;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>Decides what becomes of a schedule of manifests now.</summary>
internal sealed class RecurringDecisions(
    ManifestSettings settings, RecurringStore store, ManifestStore manifests, ExecutionPlanner planner, AgentRecords records,
    FollowedEvents followed)
{
    private const int MostDueTimes = 1000;
    private const string NoAgent = "No agent is reached.";

    private static readonly Dictionary<string, FollowedEvent> NoEvents = [];

    public async Task<RecurringDecision> Of(
        RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset now, CancellationToken stop)
    {
        var isFrozen = await store.Freeze(schedule.Tenant, stop) is { } freeze && !(now < freeze.From) && !(now >= freeze.Until);
        if (document.When is CalendarWhen)
            return await AtDueTimes(schedule, document, isFrozen, now, stop);
        if (isFrozen || !document.Allows(now))
            return new RecurringDecision([], null, NoEvents);
        var events = document.When is EventWhen when
            ? await followed.Since(schedule, when, EventsCount(schedule, document, now), stop)
            : NoEvents;
        return document.When is EventWhen && events.Count == 0
            ? new RecurringDecision([], null, NoEvents)
            : await Start(schedule, document, now, events, [], stop);
    }

    /// <summary>Of several due times at which nobody could start anything, the latest counts.</summary>
    private async Task<RecurringDecision> AtDueTimes(
        RecurringSchedule schedule, ScheduleDocument document, bool isFrozen, DateTimeOffset now, CancellationToken stop)
    {
        var first = schedule.LookAt ?? now;
        DateTimeOffset[] due = [first, .. ScheduleTimes.After(document, first).TakeWhile(at => at <= now).Take(MostDueTimes)];
        var decided = due[..^1].Select(at => new DecidedOccurrence(at, DueOutcome.Missed)).ToList();
        DueOutcome? instead = now - due[^1] > document.StartingDeadline ? DueOutcome.Late
            : document.StartingDeadline is null && now - due[^1] > TimeSpan.FromSeconds(settings.CatchUpSeconds) ? DueOutcome.Missed
            : isFrozen ? DueOutcome.Frozen
            : null;
        if (instead is not { } outcome)
            return await Start(schedule, document, due[^1], NoEvents, decided, stop);
        return new RecurringDecision([.. decided, new DecidedOccurrence(due[^1], outcome)], null, NoEvents);
    }

    /// <summary>From when on events are acted on: not from before the schedule, nor long after they happened.</summary>
    private DateTimeOffset EventsCount(RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset now)
    {
        var late = now - (document.StartingDeadline ?? TimeSpan.FromSeconds(settings.CatchUpSeconds));
        return late > schedule.UpdatedAt ? late : schedule.UpdatedAt;
    }

    /// <param name="due">The due time, or that of the look.</param>
    /// <param name="decided">What is decided besides.</param>
    private async Task<RecurringDecision> Start(
        RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset due, IReadOnlyDictionary<string, FollowedEvent> events,
        IReadOnlyList<DecidedOccurrence> decided, CancellationToken stop)
    {
        var isLook = document.When is not CalendarWhen;
        try
        {
            var plan = await Plan(schedule, document, due, events, stop);
            if (plan.Hosts > 0)
                return new RecurringDecision(decided, plan, events) { StartsAt = due };
            return isLook ? new RecurringDecision(decided, null, Passed(events)) : Failed(BuiltSubmission.TargetGone, NoAgent);
        }
        catch (ProblemException refused)
        {
            return Failed(
                refused.Problem.Status == StatusCodes.Status404NotFound ? BuiltSubmission.TargetGone : BuiltSubmission.Refused,
                refused.Problem.Detail);
        }

        RecurringDecision Failed(string code, string sentence) =>
            new([.. decided, new DecidedOccurrence(due, DueOutcome.Failed, code, sentence, IsLook: isLook)], null, NoEvents)
            {
                Refusal = sentence,
            };
    }

    private async Task<ExecutionPlan> Plan(
        RecurringSchedule schedule, ScheduleDocument document, DateTimeOffset due, IReadOnlyDictionary<string, FollowedEvent> events,
        CancellationToken stop)
    {
        if (await manifests.Find(document.JobId, schedule.Tenant, stop) is not { Document: { } manifest } entry)
        {
            throw new ProblemException(
                Problem.NotFound("manifest") with { Detail = $"There is no manifest {document.JobId} that can be read." });
        }

        var fanout = KanadeExecutionEndpoints.Fanout(document.Fanout);
        var terms = fanout.Terms with
        {
            TimeoutS = ExecutionPlanner.Seconds(manifest.Execute.Timeout),
            StaleAfterS = manifest.Staleness.MaxCacheAge?.TotalSeconds,
            MaxConcurrent = document.MaxConcurrent,
            DeadlineAt = document.StartingDeadline is { } within ? due + within : fanout.Terms.DeadlineAt,
            Attempts = document.Attempts,
            RetryPauseS = document.Backoff?.TotalSeconds,
        };
        var plan = await planner.Plan(
            entry, manifest, fanout.Target, fanout.Waves, fanout.Parameters, terms, schedule.Tenant, stop) with
        {
            Schedule = schedule.Name,
        };
        if (document.When is EventWhen)
            return Only(plan, events.Keys.ToHashSet());
        if (document.When is not ReconcileWhen when)
            return plan;
        var target = await records.Of(schedule.Tenant, document.JobId, schedule.Name, [.. plan.Agents], stop);
        return Only(plan, [.. Reconcile.Due(when, target, plan.ManifestVersion, due)]);
    }

    /// <summary>Of what happened on agents that are not meant, all but starts: one that is meant a moment later has started.</summary>
    private static Dictionary<string, FollowedEvent> Passed(IReadOnlyDictionary<string, FollowedEvent> events) =>
        events.Where(one => one.Value.Kind != EventWhen.Startup).ToDictionary();

    private static ExecutionPlan Only(ExecutionPlan plan, HashSet<string> due) =>
        plan with { Waves = [.. plan.Waves.Select(wave => (IReadOnlyList<string>)[.. wave.Where(due.Contains)])] };
}

/// <summary>What is to be recorded, and started.</summary>
/// <param name="Occurrences">Those at which nothing starts.</param>
/// <param name="Plan">Null where nothing starts.</param>
/// <param name="Events">What of agents is decided about with it.</param>
internal sealed record RecurringDecision(
    IReadOnlyList<DecidedOccurrence> Occurrences, ExecutionPlan? Plan, IReadOnlyDictionary<string, FollowedEvent> Events)
{
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Why what was due does not start, as a sentence.</summary>
    public string? Refusal { get; init; }
}
