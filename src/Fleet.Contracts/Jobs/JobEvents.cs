namespace Fleet.Contracts.Jobs;

/// <summary>The agent has accepted the attempt and its work began.</summary>
public sealed record JobStarted(Guid JobId, int Attempt, string Agent);

/// <summary>Bytes the attempt wrote, in the order in which it wrote them to one stream.</summary>
public sealed record JobOutput(Guid JobId, int Attempt, string Agent, IReadOnlyList<OutputChunk> Chunks);

/// <summary>A piece of output as the process wrote it.</summary>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>; of a model <c>content</c>, <c>thinking</c> or <c>tool_calls</c>
/// (a JSON array to a line).</param>
/// <param name="Bytes">Raw bytes, at most 64 KiB; never cut inside a UTF-8 character where that can be helped.</param>
public sealed record OutputChunk(string Stream, byte[] Bytes);

/// <summary>The attempt said how far it is.</summary>
/// <param name="Fraction">0 to 1.</param>
public sealed record JobProgressed(Guid JobId, int Attempt, string Agent, double Fraction, string Text);

/// <summary>A file of the attempt is stored.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Lower-case hex.</param>
public sealed record ArtifactStored(
    Guid JobId, int Attempt, Guid ArtifactId, string Name, long Size, string ContentType, string Sha256);

/// <summary>The attempt is over, for the reason given.</summary>
public sealed record JobFinished(Guid JobId, int Attempt, string Agent, AttemptResult Result);

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>Exit code 0.</summary>
    Succeeded,

    /// <summary>Another exit code, a signal, or it could not be started.</summary>
    Failed,

    /// <summary>It was stopped because it was asked to.</summary>
    Cancelled,

    /// <summary>It ran longer than it was allowed to.</summary>
    TimedOut,
}

/// <summary>What is left of an attempt.</summary>
/// <param name="ExitCode">Null when a signal ended it or it never started.</param>
/// <param name="Signal">Name of the signal that ended it, such as <c>SIGKILL</c>.</param>
/// <param name="ResultJson">The JSON the attempt left in its result file.</param>
/// <param name="ErrorCode">A stable code when it did not succeed: <c>exit_code signal start_failed timeout
/// …</c>.</param>
/// <param name="ErrorMessage">A sentence for people.</param>
/// <param name="CpuSeconds">User and system time of the attempt's processes.</param>
/// <param name="PeakMemoryBytes">The largest resident set of any of its processes.</param>
/// <param name="IsFinal">It failed in a way in which every further attempt would fail too.</param>
public sealed record AttemptResult(
    AttemptOutcome Outcome,
    int? ExitCode = null,
    string? Signal = null,
    string? ResultJson = null,
    string? ErrorCode = null,
    string? ErrorMessage = null,
    double? CpuSeconds = null,
    long? PeakMemoryBytes = null,
    bool IsFinal = false);

/// <summary>Nobody answers for the attempt any more.</summary>
/// <param name="Reason">
/// A stable code: <c>agent_lost agent_restarted agent_stopped not_accepted not_in_hand</c>.
/// </param>
public sealed record AttemptLost(Guid JobId, int Attempt, string Reason);

/// <summary>The time within which the job had to start is over.</summary>
public sealed record JobExpired(Guid JobId);

/// <summary>The agent had its time to end a cancelled attempt.</summary>
public sealed record CancelGraceOver(Guid JobId, int Attempt);

/// <summary>The pause before the next attempt is over, or the time has come before which the job was not to start.</summary>
public sealed record RetryDue(Guid JobId);
