namespace Fleet.Contracts.Jobs;

/// <summary>Asks for a new job. The same id twice is the same job.</summary>
/// <param name="Tenant">Who may see it: keys of the same tenant.</param>
/// <param name="Name">Free text for people; not unique.</param>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="MaxAttempts">How many attempts may fail or be lost before the job fails.</param>
/// <param name="TimeoutSeconds">How long one attempt may run; null means as long as it likes.</param>
/// <param name="ExpiresAt">When the job expires if it has not started by then.</param>
/// <param name="RetryOf">The finished job this one repeats.</param>
/// <param name="Terms">On what terms it waits; null means the defaults.</param>
/// <param name="Wire">The wire it came by, where that decides in whose words it is told of: <c>foreman</c>.</param>
public sealed record SubmitJob(
    Guid JobId,
    string Tenant,
    JobSpec Spec,
    string? Name,
    IReadOnlyDictionary<string, string> Labels,
    int Priority,
    int MaxAttempts,
    int? TimeoutSeconds,
    DateTimeOffset? ExpiresAt,
    JobTarget Target,
    string? StateWebhookUrl = null,
    Guid? RetryOf = null,
    QueueTerms? Terms = null,
    string? Wire = null);

/// <summary>On what terms a job waits for its turn. Keys are compared within one tenant.</summary>
/// <param name="Offline"><c>wait</c>, <c>skip</c> or <c>newest</c>: what becomes of it while its agents are away.</param>
/// <param name="QueueKey">With <c>newest</c>: of what waits under one key, only what was accepted last stays.</param>
/// <param name="NotBefore">It does not start earlier.</param>
/// <param name="ConcurrencyKey">It starts only while fewer than <paramref name="ConcurrencyLimit"/> of this key run.</param>
/// <param name="SequenceKey">Jobs of this key run one at a time, in the order in which they were accepted.</param>
/// <param name="FairnessKey">Slots are shared out evenly between these.</param>
/// <param name="RateKey">At most <paramref name="RateLimit"/> of this key start within any <paramref
/// name="RateSeconds"/>.</param>
public sealed record QueueTerms(
    string Offline = "wait",
    string? QueueKey = null,
    DateTimeOffset? NotBefore = null,
    string? ConcurrencyKey = null,
    int? ConcurrencyLimit = null,
    string? SequenceKey = null,
    string? FairnessKey = null,
    string? RateKey = null,
    int? RateLimit = null,
    int? RateSeconds = null);

/// <summary>
/// Where a job may run: on one agent by name, on any agent that has all the labels, or (both empty) anywhere.
/// </summary>
public sealed record JobTarget(string? Agent, IReadOnlyDictionary<string, string> Labels);

/// <summary>Asks for the end of a job, in whatever state it is.</summary>
/// <param name="By">Who asked, for the journal.</param>
public sealed record CancelJob(Guid JobId, string By);

/// <summary>Ends a job that nobody could start now, because every agent it may run on is away.</summary>
public sealed record SkipJob(Guid JobId);

/// <summary>A later job of the same queue key was accepted: this one need not run any more.</summary>
/// <param name="By">The later job.</param>
public sealed record SupersedeJob(Guid JobId, Guid By);

/// <summary>Asks that a job takes another place in the queue.</summary>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="By">Who asked, for the journal.</param>
public sealed record ReprioritiseJob(Guid JobId, int Priority, string By);

/// <summary>Asks for other labels of a job, in whatever state it is. Those that are not named stay.</summary>
/// <param name="By">Who asked, for the journal.</param>
public sealed record RelabelJob(
    Guid JobId, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Removed, string By);

/// <summary>Gives a queued job to an agent's session. Said by the dispatcher only.</summary>
/// <param name="Session">The run of the agent process that the attempt belongs to.</param>
/// <param name="Beat">The last beat of that session that was stored; 0 for its registration.</param>
/// <param name="Upstream">With a model call: which of the agent's upstreams is to answer.</param>
public sealed record AssignJob(Guid JobId, string Agent, Guid Session, long Beat = 0, string? Upstream = null);

/// <summary>Tells an agent to run one attempt.</summary>
/// <param name="Session">The agent process meant; a later one ignores the command.</param>
/// <param name="TimeoutSeconds">After this long the attempt is ended and reported as <see
/// cref="AttemptOutcome.TimedOut"/>.</param>
/// <param name="Beat">The agent's last beat that Control knew. The agent knows when it sent that, and so, without comparing
/// clocks, whether the command is too old to be begun: the attempt may have gone elsewhere.</param>
/// <param name="Upstream">With a model call: which of the agent's upstreams is to answer.</param>
public sealed record RunJob(
    Guid JobId,
    int Attempt,
    Guid Session,
    JobSpec Spec,
    int? TimeoutSeconds,
    string? Name = null,
    long Beat = 0,
    string? Upstream = null);

/// <summary>All the attempts that were assigned to one agent while the previous message was on its way.</summary>
public sealed record RunJobs(IReadOnlyList<RunJob> Jobs);

/// <summary>Tells an agent to end one attempt: SIGTERM, and SIGKILL after the grace.</summary>
public sealed record StopJob(Guid JobId, int Attempt, double GraceSeconds);
