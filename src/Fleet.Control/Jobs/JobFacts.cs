using System.Text.Json;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Announcements;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Jobs;

/// <summary>How messages become facts of the row.</summary>
internal static class JobFacts
{
    public const string Skipped = "No agent that could run the job was online when it was submitted.";

    /// <summary>For how many attempts back it is known who had them.</summary>
    private const int MostHolders = 32;

    /// <summary>
    /// A step of priority is worth this much waiting, so that work of low priority runs in the end, however much of
    /// high priority arrives.
    /// </summary>
    private static readonly TimeSpan PriorityStep = TimeSpan.FromMinutes(10);

    public static void Fill(this Job job, SubmitJob submitted, DateTimeOffset now)
    {
        if (submitted.Spec?.Kind is null || submitted.Target is null || submitted.Labels is null)
            throw new ArgumentException("A job without specification, target or labels cannot be accepted.");
        job.Tenant = submitted.Tenant;
        job.Kind = submitted.Spec.Kind;
        job.Name = submitted.Name;
        job.Spec = JsonSerializer.Serialize(submitted.Spec, JobSpecJson.Options);
        job.Model = submitted.Spec.Inference?.Model;
        job.Operation = submitted.Spec.Inference?.Operation;
        job.Labels = JsonSerializer.Serialize(submitted.Labels);
        job.Priority = submitted.Priority;
        job.MaxAttempts = submitted.MaxAttempts;
        job.TimeoutSeconds = submitted.TimeoutSeconds;
        job.ExpiresAt = submitted.ExpiresAt;
        job.TargetAgent = submitted.Target.Agent;
        job.TargetLabels = JsonSerializer.Serialize(submitted.Target.Labels);
        job.StateWebhookUrl = submitted.StateWebhookUrl;
        job.Wire = submitted.Wire;
        job.RetryOf = submitted.RetryOf;
        job.CreatedAt = now;
        job.Lane = LaneKey.Of(
            InferenceSpecs.CapabilityOf(submitted.Spec),
            submitted.Target.Agent,
            submitted.Target.Labels,
            InferenceSpecs.ModelOf(submitted.Spec));
        job.Take(submitted.Terms ?? new QueueTerms());
        job.TakePlace();
    }

    /// <summary>In its lane, by age and priority.</summary>
    private static void TakePlace(this Job job) =>
        job.QueueRank = job.CreatedAt.ToUnixTimeMilliseconds() - (long)(job.Priority * PriorityStep.TotalMilliseconds);

    /// <summary>It moves within its lane, which the dispatcher may have looked at already.</summary>
    public static void Take(this Job job, ReprioritiseJob wanted, Unit unit)
    {
        job.Priority = wanted.Priority;
        job.TakePlace();
        unit.WorkChanged |= job.State == nameof(JobLifecycle.Queued);
        unit.Append(job, "priority", job.Attempt, new { wanted.Priority, wanted.By });
    }

    /// <summary>A journal that is closed takes no entry more.</summary>
    public static void Take(this Job job, RelabelJob wanted, Unit unit)
    {
        var labels = JsonSerializer.Deserialize<Dictionary<string, string>>(job.Labels)!;
        foreach (var (name, value) in wanted.Set)
            labels[name] = value;
        foreach (var name in wanted.Removed)
            labels.Remove(name);
        job.Labels = JsonSerializer.Serialize(labels);
        if (!JobWords.IsTerminal(job.State))
            unit.Append(job, "labels", job.Attempt, new { Labels = labels, wanted.By });
    }

    private static void Take(this Job job, QueueTerms terms)
    {
        job.Offline = terms.Offline;
        job.QueueKey = terms.QueueKey;
        job.NotBefore = terms.NotBefore;
        job.ConcurrencyKey = terms.ConcurrencyKey;
        job.ConcurrencyLimit = terms.ConcurrencyLimit;
        job.SequenceKey = terms.SequenceKey;
        job.RateKey = terms.RateKey;
        job.RateLimit = terms.RateLimit;
        job.RateSeconds = terms.RateSeconds;
        job.FairnessKey = terms.FairnessKey;
        job.Share = WorkKeys.IdOf("share", job.Tenant, terms.FairnessKey);
        job.ConcurrencyId = WorkKeys.IdOfAny("concurrency", job.Tenant, terms.ConcurrencyKey);
        job.SequenceId = WorkKeys.IdOfAny("sequence", job.Tenant, terms.SequenceKey);
        job.RateId = WorkKeys.IdOfAny("rate", job.Tenant, terms.RateKey);
        job.QueueId = WorkKeys.IdOfAny("queue", job.Tenant, terms.QueueKey);
        if (job.Keys.AreLimited)
            job.Gate = WorkKeys.IdOf("gate", $"{job.ConcurrencyId}/{job.ConcurrencyLimit}", $"{job.SequenceId}{job.Rate}");
    }

    /// <summary>What the attempt left; a failed one counts against the attempts allowed.</summary>
    public static void Take(this Job job, AttemptResult result)
    {
        job.ExitCode = result.ExitCode;
        job.Signal = result.Signal;
        job.Result = result.ResultJson;
        job.CpuSeconds = result.CpuSeconds;
        job.PeakMemoryBytes = result.PeakMemoryBytes;
        job.PutBacks = IsUpstreams(result.ErrorCode) ? job.PutBacks + 1 : 0;
        if (result.Outcome == AttemptOutcome.Succeeded)
        {
            job.ErrorCode = null;
            job.ErrorMessage = null;
            return;
        }

        job.Count(result.ErrorCode);
        if (job.ErrorCode == "cancelled" && job.State == nameof(JobLifecycle.Cancelling))
            return;
        job.ErrorCode = result.ErrorCode ?? "failed";
        job.ErrorMessage = result.ErrorMessage ?? "The attempt failed.";
    }

    /// <summary>Nobody answers for the attempt any more.</summary>
    /// <param name="reason">A code of <see cref="AttemptLost"/>.</param>
    public static void Lose(this Job job, string reason)
    {
        job.Count(reason);
        if (job.ErrorCode == "cancelled")
            return;
        job.ErrorCode = reason == "agent_stopped" ? reason : "agent_lost";
        job.ErrorMessage = $"Agent {job.Agent} no longer answers for attempt {job.Attempt} ({reason}).";
    }

    /// <summary>
    /// The attempt ended through no fault of its own: the next one need not wait, unless it could meet the same agent.
    /// </summary>
    public static bool WasCutShort(this Job job) => IsAgents(job.ErrorCode) && job.ErrorCode != "too_late";

    /// <summary>It was handed back before it started, and a later job runs in its place.</summary>
    public static bool WasOvertaken(this Job job) => job.SupersededBy is not null && !job.HasStarted && job.WasCutShort();

    public static void NameCrashLoop(this Job job, int limit)
    {
        if (job.Crashes < limit)
            return;
        job.ErrorCode = "crash_loop";
        job.ErrorMessage = $"The agent died {job.Crashes} times while it ran this job, so it is not tried again.";
    }

    /// <summary>Whether this is the present attempt, told by the agent that has it: no other is believed.</summary>
    public static bool IsHeld(this Job job, int attempt, string agent) => job.Attempt == attempt && job.Agent == agent;

    /// <summary>The agent has the present attempt.</summary>
    public static void Remember(this Job job, string agent) =>
        job.Holders = [.. job.Holders.TakeLast(MostHolders - 1), agent];

    /// <summary>
    /// Whether the agent had this attempt, and its end was not told yet: nobody fills the journal of a job that he never
    /// had, or fills it by repetition.
    /// </summary>
    public static bool TakeLateEnd(this Job job, JobFinished report)
    {
        var place = job.Holders.Length - 1 - ((long)job.Attempt - report.Attempt);
        if (place < 0 || place >= job.Holders.Length || job.Holders[place] != report.Agent)
            return false;
        job.Holders = [.. job.Holders];
        job.Holders[place] = "";
        return true;
    }

    public static bool HasSucceeded(this Job job) => job.ErrorCode is null;

    public static bool MissedItsTime(this Job job, DateTimeOffset now) =>
        !job.HasStarted && job.ExpiresAt <= now;

    public static void AskForSlot(this Job job, Unit unit)
    {
        job.Ready = true;
        unit.Ready.Add(new ReadyWork(
            job.CorrelationId, job.Lane, job.Keys, agent => Assignment(job.CorrelationId, agent), job.Agent));
    }

    public static HeldSlot Holding(this Job job, string agent) => new(
        job.CorrelationId,
        agent,
        InferenceSpecs.CapabilityOf(job.Kind, job.Operation),
        job.Keys,
        job.Upstream,
        ModelName.ShortOfAny(job.Model));

    public static AssignJob Assignment(Guid job, ReadyAgent agent) =>
        new(job, agent.Name, agent.Session, agent.Beat, agent.Upstream);

    /// <summary>What it held, or asked for in this unit, is free; with a limit, others may have waited for that.</summary>
    public static void GiveSlotBack(this Job job, Unit unit)
    {
        unit.Ready.RemoveAll(work => work.Id == job.CorrelationId);
        unit.Slots.Add((job.CorrelationId, null));
        unit.WorkChanged |= job.Gate is not null;
    }

    /// <summary>What an agent hands back, or never began, is no failure of the job, nor is an upstream that is away.</summary>
    private static void Count(this Job job, string? code)
    {
        if (code == "agent_stopped" || IsUpstreams(code) || (job.State == nameof(JobLifecycle.Assigned) && IsAgents(code)))
            return;
        job.Failures++;
        if (code is "agent_lost" or "agent_restarted")
            job.Crashes++;
    }

    /// <summary>The upstream took no calls: nothing is known about the job.</summary>
    private static bool IsUpstreams(string? code) => code is "upstream_unreachable" or "upstream_busy";

    private static bool IsAgents(string? code) =>
        code is "agent_stopped" or "agent_restarted" or "agent_lost" or "lease_lost" or "too_late";

    public static void TellState(this Job job, Unit unit, string state, string? reason)
    {
        unit.Append(job, "state", job.Attempt, new
        {
            From = JobWords.OfState(job.State),
            To = JobWords.OfState(state),
            job.Attempt,
            Reason = reason,
            job.Agent,
        });
        unit.Announce(JobNews.Of(job, state, unit.Now));
    }
}
