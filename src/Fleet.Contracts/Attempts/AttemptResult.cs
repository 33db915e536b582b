namespace Fleet.Contracts.Attempts;

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It did what it was to do: a process ended with exit code 0.</summary>
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
/// <param name="ErrorCode">A stable code when it did not succeed; see <see cref="AttemptErrors"/>.</param>
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
