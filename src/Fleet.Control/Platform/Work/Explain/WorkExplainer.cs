using Fleet.Contracts.Work;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>Says what holds work back, from what the dispatcher itself goes by.</summary>
internal sealed class WorkExplainer(
    WorkKinds kinds, QueueQueries queue, RateStarts starts, WorkAgents agents, FreezeStore freezes, StartEstimate estimate,
    BrokerAlarms alarms, DispatchSettings settings, DatabaseClock clock)
{
    public async Task<WorkExplanationView> Explain(WorkRow work, CancellationToken stop)
    {
        if (work.State != WorkStates.Queued)
            return Plain(work.CorrelationId, WordOf(work), Past(work), work.FinishedAt is null ? alarms.Reason : null);
        return await Waiting(work, work.CorrelationId, stop);
    }

    /// <summary>What would become of a submission that nobody makes.</summary>
    public async Task<WorkExplanationView> Foresee(SubmitWork submission, CancellationToken stop)
    {
        var now = clock.Now;
        WorkRow work = new AnyWork { CorrelationId = submission.WorkId, Family = kinds.FamilyOf(submission.Kind).Name };
        work.Fill(submission, now);
        work.Ready = !(work.NotBefore > now);
        var standing = await agents.Standing(stop);
        return work.Offline == OfflineTerms.Skip && WorkAgents.IsAway(DemandKey.Read(work.Demand), standing)
            ? Plain(null, "expired", new ReasonView(WorkErrors.AgentOffline, WorkErrors.Skipped(work.Family)))
            : await Waiting(work, null, stop);
    }

    private string WordOf(WorkRow work) => kinds.FamilyOf(work.Kind).WordOf(work.State);

    private static WorkExplanationView Plain(Guid? work, string state, ReasonView reason, ReasonView? first = null) =>
        new(work, state, null, null, first is null ? [reason] : [first, reason]);

    private ReasonView Past(WorkRow work) => work.State switch
    {
        WorkStates.Assigned or WorkStates.Running or WorkStates.Cancelling =>
            new ReasonView(WordOf(work), $"Agent {work.Agent} has it.", Agents: [work.Agent!], At: work.AssignedAt),
        WorkStates.Succeeded => new ReasonView(WordOf(work), $"It ran and {WordOf(work)}.", At: work.FinishedAt),
        _ => new ReasonView(
            work.ErrorCode ?? WordOf(work),
            work.ErrorMessage ?? "It is over.",
            Jobs: work.SupersededBy is { } later ? ReasonView.Name([later]) : null,
            At: work.FinishedAt),
    };

    private async Task<WorkExplanationView> Waiting(WorkRow work, Guid? id, CancellationToken stop)
    {
        var inHand = await queue.ListInHand(stop);
        var standing = await agents.Standing(stop);
        var position = work.Ready ? await queue.Position(work, stop) : null;
        var demand = DemandKey.Read(work.Demand);
        var pause = work.Ready ? null : await Pause(work, stop);
        var agentReason = AgentReasons.Of(demand, standing, inHand, work);
        var rate = work.Rate is { } terms ? await Rate(work, terms, stop) : null;
        ReasonView?[] found =
        [
            alarms.Reason,
            await Frozen(demand, stop),
            pause,
            agentReason,
            Limit(work, inHand) ?? await Reserved(work, standing, inHand, stop),
            rate,
            work.SequenceId is null ? null : await Sequence(work, inHand, stop),
            position > 1
                ? new ReasonView("jobs_ahead", "Others come first by priority and age.", Count: position - 1)
                : null,
        ];
        var reasons = found.OfType<ReasonView>().ToList();
        if (reasons.Count == 0)
            reasons.Add(new ReasonView("ready", "Nothing holds it back: it starts with the next round of dispatch."));
        return new WorkExplanationView(id, "queued", position, await Estimate(), reasons);

        async Task<DateTimeOffset?> Estimate()
        {
            if (reasons[0].Code is "frozen" or "broker_blocked" || (agentReason is not null && agentReason.Code != "slots_busy"))
                return null;
            var limit = work.SequenceId is null && !work.Keys.IsAlone ? work.ConcurrencyLimit : 1;
            var start = await estimate.Start(work, position ?? 1, limit, standing, inHand, clock.Now, stop);
            return new[] { start, pause?.At, rate?.At }.Max() is { } latest && start is not null ? latest : null;
        }
    }

    private async Task<ReasonView?> Frozen(DemandClass demand, CancellationToken stop) =>
        (await freezes.List(stop)).FirstOrDefault(freeze => freeze.Covers(demand)) is { } freeze
            ? new ReasonView(
                "frozen",
                $"{(freeze.Kinds.Length == 0 ? "All work" : $"All work of the kind {demand.Kind}")} is frozen ({freeze.Name})"
                    + $"{(freeze.Reason is { Length: > 0 } why ? $": {why}" : ".")}",
                At: freeze.At)
            : null;

    private async Task<ReasonView?> Rate(WorkRow work, RateTerms terms, CancellationToken stop) =>
        await starts.NextRoom(terms, clock.Now, stop) is not { } at
            ? null
            : new ReasonView(
                "rate_limit",
                $"{terms.Limit} {work.Family}s of the rate_key {work.RateKey} started within the last {terms.Seconds} s.",
                At: at,
                Count: terms.Limit);

    private async Task<ReasonView> Pause(WorkRow work, CancellationToken stop) => work.Attempt == 0 && work.NotBefore > clock.Now
        ? new ReasonView("not_before", "It is not to start before its time.", At: work.NotBefore)
        : new ReasonView(
            "retry_at", "It pauses before its next attempt.", At: await queue.RetryAt(work, stop));

    private static ReasonView? Limit(WorkRow work, IReadOnlyList<WorkInHand> inHand)
    {
        if (work.ConcurrencyId is not { } key)
            return null;
        var holders = inHand.Where(one => one.Concurrency == key).ToList();
        var running = holders.ConvertAll(one => one.Id);
        return running.Count < Math.Max(1, work.ConcurrencyLimit ?? 0) && !holders.Exists(one => one.IsAlone)
            ? null
            : new ReasonView(
                "concurrency_limit",
                $"So many {work.Family}s of the concurrency_key {work.ConcurrencyKey} run already: {running.Count}.",
                Jobs: ReasonView.Name(running),
                Count: work.ConcurrencyLimit);
    }

    /// <summary>As the dispatcher reserves keys: for what could start now, were nothing of the key under way, or has waited long.</summary>
    private async Task<ReasonView?> Reserved(
        WorkRow work, IReadOnlyList<AgentStanding> standing, IReadOnlyList<WorkInHand> inHand, CancellationToken stop)
    {
        if (work.ConcurrencyId is not { } key || await queue.AloneAhead(work, stop) is not { Count: > 0 } ahead)
            return null;
        var others = inHand.Where(one => one.Concurrency != key).ToList();
        var frozen = await freezes.List(stop);
        var first = ahead.FirstOrDefault(alone => kinds.Find(alone.Demand.Kind) is not null
            && !frozen.Any(freeze => freeze.Covers(alone.Demand))
            && (AgentReasons.Of(alone.Demand, standing, others, work) is not { } reason
                || (reason.Code == "slots_busy" && alone.IsOverdue(settings, clock.Now))));
        return first is null
            ? null
            : new ReasonView(
                "key_reserved",
                $"A {work.Family} waits to have the concurrency_key {work.ConcurrencyKey} alone, and comes first.",
                Jobs: ReasonView.Name([first.Id]));
    }

    private async Task<ReasonView?> Sequence(WorkRow work, IReadOnlyList<WorkInHand> inHand, CancellationToken stop)
    {
        var running = inHand.FirstOrDefault(one => one.Sequence == work.SequenceId)?.Id;
        return (running ?? await queue.EarlierInSequence(work, stop)) is not { } earlier
            ? null
            : new ReasonView(
                "sequence",
                $"An earlier {work.Family} of the sequence_key {work.SequenceKey} has not ended.",
                Jobs: ReasonView.Name([earlier]));
    }
}
