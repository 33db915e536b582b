using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Attempts;

/// <summary>Every line this capability can log.</summary>
internal static partial class AttemptLogLines
{
    [LoggerMessage(LogLevel.Information, "Attempt {Attempt} ended: {Outcome}, {Reason}")]
    public static partial void Ended(this ILogger log, AttemptKey attempt, AttemptOutcome outcome, string reason);

    [LoggerMessage(LogLevel.Error, "{Count} attempts cannot be written down, and do not start: {Reason}")]
    public static partial void NotAccepted(this ILogger log, int count, string reason);

    [LoggerMessage(LogLevel.Warning,
        "An earlier run of this worker left {Count} attempts whose end Control does not know; {Ended} of them had ended")]
    public static partial void Recovered(this ILogger log, int count, int ended);

    [LoggerMessage(LogLevel.Information, "Attempt {Attempt} is to stop, with a grace of {Grace} s")]
    public static partial void StopAsked(this ILogger log, AttemptKey attempt, double grace);

    [LoggerMessage(LogLevel.Error, "Attempt {Attempt} failed for a reason on this side")]
    public static partial void AgentFailed(this ILogger log, Exception failure, AttemptKey attempt);

    [LoggerMessage(LogLevel.Warning, "The directory {Path} of an ended attempt cannot be removed: {Reason}")]
    public static partial void DirectoryNotRemoved(this ILogger log, string path, string reason);

    [LoggerMessage(LogLevel.Warning, "The end of {Count} attempts was not confirmed before this process stopped")]
    public static partial void EndedUnconfirmed(this ILogger log, int count);

    [LoggerMessage(LogLevel.Warning,
        "Artifact {Name} of {Attempt} is not stored yet ({Reason}); next try in {Pause:0.#} s")]
    public static partial void ArtifactTriedAgain(
        this ILogger log, string name, AttemptKey attempt, string reason, double pause);

    [LoggerMessage(LogLevel.Information, "Attempt {Attempt} no longer counts: its artifacts stay here")]
    public static partial void ArtifactsUnwanted(this ILogger log, AttemptKey attempt);
}
