using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using MassTransit;

namespace Fleet.Control.Platform.Work;

/// <summary>
/// What all work has in common: the row of its lifecycle. A kind of lifecycle adds its own columns in a class of its own.
/// </summary>
internal abstract class WorkRow : SagaStateMachineInstance, IVersionedRow, IJournaled
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public long JournalSeq { get; set; }

    /// <summary>Name of the lifecycle's state.</summary>
    public string State { get; set; } = "";

    /// <summary>Where the row lies as the database has it; empty for a row that it does not have yet.</summary>
    public string StoredPhase { get; set; } = "";

    /// <summary>Whether something changed that is written apart from what moves: labels, priority, hold.</summary>
    public bool FactsChanged { get; set; }

    public string Tenant { get; set; } = "";

    /// <summary>The API key that alone may see it; null where all of the tenant may.</summary>
    public Guid? Owner { get; set; }

    /// <summary>Whose lifecycle it has: <c>job</c>.</summary>
    public string Family { get; set; } = "";

    public string Kind { get; set; } = "";

    public string? Name { get; set; }

    /// <summary>What an agent is to do, as JSON in the words of the kind.</summary>
    public string Spec { get; set; } = "";

    /// <summary>With a model call: the model, as it was asked for.</summary>
    public string? Model { get; set; }

    /// <summary>A JSON object of strings.</summary>
    public string Labels { get; set; } = "{}";

    public int Priority { get; set; }

    public int MaxAttempts { get; set; }

    public int? TimeoutSeconds { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public string? TargetAgent { get; set; }

    /// <summary>A JSON object of strings.</summary>
    public string TargetLabels { get; set; } = "{}";

    public string? StateWebhookUrl { get; set; }

    /// <summary>The wire it came by, whose words its own URL is told in; null is the native API.</summary>
    public string? Wire { get; set; }

    public Guid? RetryOf { get; set; }

    /// <summary>What becomes of it while its agents are away: <c>wait</c>, <c>skip</c> or <c>newest</c>.</summary>
    public string Offline { get; set; } = "wait";

    public string? QueueKey { get; set; }

    public DateTimeOffset? NotBefore { get; set; }

    public string? ConcurrencyKey { get; set; }

    public int? ConcurrencyLimit { get; set; }

    public string? SequenceKey { get; set; }

    public string? RateKey { get; set; }

    public int? RateLimit { get; set; }

    public int? RateSeconds { get; set; }

    public string? FairnessKey { get; set; }
    public int? RetryPauseSeconds { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>What it demands of an agent, see <see cref="DemandKey"/>: what waits with one demand fits the same agents.</summary>
    public string Demand { get; set; } = "";

    /// <summary>Place among what has the same demand, lower first: creation time, moved forward by priority, in milliseconds.</summary>
    public long QueueRank { get; set; }

    /// <summary>Id of the tenant's fairness key, or of its work without one.</summary>
    public Guid Share { get; set; }

    /// <summary>What has the same limits has the same gate; null means no limit.</summary>
    public Guid? Gate { get; set; }

    /// <summary>Id of the tenant's concurrency key.</summary>
    public Guid? ConcurrencyId { get; set; }

    /// <summary>Id of the tenant's sequence key.</summary>
    public Guid? SequenceId { get; set; }

    /// <summary>Id of the tenant's rate key.</summary>
    public Guid? RateId { get; set; }

    /// <summary>Id of the tenant's queue key.</summary>
    public Guid? QueueId { get; set; }

    /// <summary>The later work of the same queue key; with one, this work is not queued again.</summary>
    public Guid? SupersededBy { get; set; }

    /// <summary>False while it may not start yet: before its time, or in the pause before the next attempt.</summary>
    public bool Ready { get; set; }

    /// <summary>Number of the latest assignment; fences everything an agent says. 0 before the first.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that failed or were lost after they started; counts against <see cref="MaxAttempts"/>.</summary>
    public int Failures { get; set; }

    /// <summary>Attempts during which the agent died.</summary>
    public int Crashes { get; set; }

    /// <summary>How often in a row an attempt came to nothing because its upstream took no calls.</summary>
    public int PutBacks { get; set; }

    public string? Agent { get; set; }

    /// <summary>With a model call: the upstream of the agent that has, or had, the attempt.</summary>
    public string? Upstream { get; set; }

    /// <summary>The run of the agent process that has the attempt.</summary>
    public Guid? AgentSession { get; set; }

    /// <summary>
    /// Who had the latest attempts, the present one last; empty where the late end of an attempt was told already.
    /// </summary>
    public string[] Holders { get; set; } = [];

    public DateTimeOffset? AssignedAt { get; set; }

    /// <summary>When the latest attempt that started did so.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }

    public int? ExitCode { get; set; }

    public string? Signal { get; set; }

    public double? ProgressFraction { get; set; }

    public string? ProgressText { get; set; }

    /// <summary>JSON that the attempt left.</summary>
    public string? Result { get; set; }

    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }

    public double? CpuSeconds { get; set; }

    public long? PeakMemoryBytes { get; set; }

    public bool HasArtifacts { get; set; }

    /// <summary>Never removed while this is so, also not when its time is over.</summary>
    public bool Held { get; set; }

    /// <summary>The timer of what <see cref="Ready"/> waits for.</summary>
    public Guid? RetryToken { get; set; }

    public Guid? ExpiryToken { get; set; }

    public Guid? GraceToken { get; set; }

    public bool HasStarted => StartedAt is not null;

    public bool MayTryAgain => Failures < MaxAttempts && SupersededBy is null;

    public RateTerms? Rate => RateId is { } id ? new RateTerms(id, RateLimit ?? 0, RateSeconds ?? 0) : null;

    public string Phase => WorkStates.PhaseOf(State);

    public WorkKeys Keys => new(Share, ConcurrencyId, ConcurrencyLimit ?? 0, SequenceId, Rate);

    /// <summary>What receivers are told when the work enters a state; null for a state that is nobody's news.</summary>
    /// <param name="state">The lifecycle's name of it.</param>
    public abstract DomainEvent? EventOf(string state, DateTimeOffset now);
}
