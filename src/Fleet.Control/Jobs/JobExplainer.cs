using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Jobs;

/// <summary>Says what holds a job back, from what the dispatcher itself goes by.</summary>
internal sealed class JobExplainer(
    JobQueueFacts facts, JobStarts starts, JobAgents agents, FreezeShelf freezes, JobEstimate estimate, DatabaseClock clock)
{
    public async Task<JobExplanationView> Explain(Job job, CancellationToken stop)
    {
        if (job.State != nameof(JobLifecycle.Queued))
            return Plain(job.CorrelationId, JobWords.OfState(job.State)!, Past(job));
        return await Waiting(job, job.CorrelationId, stop);
    }

    /// <summary>What would become of a submission that nobody makes.</summary>
    public async Task<JobExplanationView> Foresee(SubmitJob submission, CancellationToken stop)
    {
        var now = clock.Now;
        var job = new Job { CorrelationId = submission.JobId };
        job.Fill(submission, now);
        job.Ready = !(job.NotBefore > now);
        var standing = await agents.Standing(stop);
        return job.Offline == "skip" && JobAgents.IsAway(LaneKey.Read(job.Lane), standing)
            ? Plain(null, "expired", new JobReasonView("agent_offline", JobFacts.Skipped))
            : await Waiting(job, null, stop);
    }

    private static JobExplanationView Plain(Guid? job, string state, JobReasonView reason) => new(job, state, null, null, [reason]);

    private static JobReasonView Past(Job job) => job.State switch
    {
        nameof(JobLifecycle.Assigned) or nameof(JobLifecycle.Running) or nameof(JobLifecycle.Cancelling) =>
            new JobReasonView(
                JobWords.OfState(job.State)!, $"Agent {job.Agent} has it.", Agents: [job.Agent!], At: job.AssignedAt),
        nameof(JobLifecycle.Succeeded) => new JobReasonView("succeeded", "It ran and succeeded.", At: job.FinishedAt),
        _ => new JobReasonView(
            job.ErrorCode ?? JobWords.OfState(job.State)!,
            job.ErrorMessage ?? "It is over.",
            Jobs: job.SupersededBy is { } later ? JobReasonView.Name([later]) : null,
            At: job.FinishedAt),
    };

    private async Task<JobExplanationView> Waiting(Job job, Guid? id, CancellationToken stop)
    {
        var inHand = await facts.ListInHand(stop);
        var standing = await agents.Standing(stop);
        var position = job.Ready ? await facts.Position(job, stop) : null;
        var lane = LaneKey.Read(job.Lane);
        var pause = job.Ready ? null : await Pause(job, stop);
        var agentReason = JobAgentReasons.Of(lane, standing, inHand, job.Tenant);
        var rate = job.Rate is { } terms ? await Rate(job, terms, stop) : null;
        JobReasonView?[] found =
        [
            await Frozen(lane, stop),
            pause,
            agentReason,
            Limit(job, inHand),
            rate,
            job.SequenceId is null ? null : await Sequence(job, inHand, stop),
            position > 1
                ? new JobReasonView("jobs_ahead", "Others come first by priority and age.", Count: position - 1)
                : null,
        ];
        var reasons = found.OfType<JobReasonView>().ToList();
        if (reasons.Count == 0)
            reasons.Add(new JobReasonView("ready", "Nothing holds it back: it starts with the next round of dispatch."));
        return new JobExplanationView(id, "queued", position, await Estimate(), reasons);

        async Task<DateTimeOffset?> Estimate()
        {
            if (reasons[0].Code == "frozen" || (agentReason is not null && agentReason.Code != "slots_busy"))
                return null;
            var limit = job.SequenceId is null ? job.ConcurrencyLimit : 1;
            var start = await estimate.Start(job, position ?? 1, limit, standing, inHand, clock.Now, stop);
            return new[] { start, pause?.At, rate?.At }.Max() is { } latest && start is not null ? latest : null;
        }
    }

    private async Task<JobReasonView?> Frozen(WorkLane lane, CancellationToken stop) =>
        (await freezes.List(stop)).FirstOrDefault(freeze => freeze.Covers(lane)) is { } freeze
            ? new JobReasonView(
                "frozen",
                $"{(freeze.Kinds.Length == 0 ? "All work" : $"All work of the kind {lane.Kind}")} is frozen ({freeze.Name})"
                    + $"{(freeze.Reason is { Length: > 0 } why ? $": {why}" : ".")}",
                At: freeze.At)
            : null;

    private async Task<JobReasonView?> Rate(Job job, RateTerms terms, CancellationToken stop) =>
        await starts.NextRoom(terms, clock.Now, stop) is not { } at
            ? null
            : new JobReasonView(
                "rate_limit",
                $"{terms.Limit} jobs of the rate_key {job.RateKey} started within the last {terms.Seconds} s.",
                At: at,
                Count: terms.Limit);

    private async Task<JobReasonView> Pause(Job job, CancellationToken stop) => job.Attempt == 0 && job.NotBefore > clock.Now
        ? new JobReasonView("not_before", "It is not to start before its time.", At: job.NotBefore)
        : new JobReasonView(
            "retry_at", "It pauses before its next attempt.", At: await facts.RetryAt(job, stop));

    private static JobReasonView? Limit(Job job, IReadOnlyList<JobInHand> inHand)
    {
        if (job.ConcurrencyId is not { } key)
            return null;
        var running = inHand.Where(one => one.Concurrency == key).Select(one => one.Id).ToList();
        return running.Count < job.ConcurrencyLimit
            ? null
            : new JobReasonView(
                "concurrency_limit",
                $"So many jobs of the concurrency_key {job.ConcurrencyKey} run already: {running.Count}.",
                Jobs: JobReasonView.Name(running),
                Count: job.ConcurrencyLimit);
    }

    private async Task<JobReasonView?> Sequence(Job job, IReadOnlyList<JobInHand> inHand, CancellationToken stop)
    {
        var running = inHand.FirstOrDefault(one => one.Sequence == job.SequenceId)?.Id;
        return (running ?? await facts.EarlierInSequence(job, stop)) is not { } earlier
            ? null
            : new JobReasonView(
                "sequence",
                $"An earlier job of the sequence_key {job.SequenceKey} has not ended.",
                Jobs: JobReasonView.Name([earlier]));
    }
}
