namespace Fleet.Control.Platform.Work;

/// <summary>Every line this capability can log.</summary>
internal static partial class WorkLog
{
    [LoggerMessage(1, LogLevel.Warning, "Attempt {Attempt} of work {Work} is lost: {Reason}")]
    public static partial void AttemptLost(ILogger logger, Guid work, int attempt, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Leases could not be checked and are checked again: {Reason}")]
    public static partial void LeasesNotChecked(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Work {Work} waited for a timer that is gone: {Timer} is raised now")]
    public static partial void TimerWasLost(ILogger logger, Guid work, string timer);

    [LoggerMessage(4, LogLevel.Warning, "Agent {Agent} still names {Count} attempts that are over: it is told to stop them")]
    public static partial void AttemptsAreOver(ILogger logger, string agent, int count);

    [LoggerMessage(5, LogLevel.Warning, "What was missed could not be looked for, and will be again: {Reason}")]
    public static partial void NotReconciled(ILogger logger, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Work whose time is over could not be removed, and will be later: {Reason}")]
    public static partial void RetentionFailed(ILogger logger, string reason);
}
