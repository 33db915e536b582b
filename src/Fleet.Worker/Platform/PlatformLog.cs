namespace Fleet.Worker.Platform;

/// <summary>Every line the plumbing can log.</summary>
internal static partial class PlatformLog
{
    [LoggerMessage(LogLevel.Warning, "Report {Number} was not confirmed within {Seconds} s; it is sent again")]
    public static partial void Unconfirmed(this ILogger log, long number, double seconds);

    [LoggerMessage(LogLevel.Warning, "Report {Number} was not taken by the broker ({Reason}); it is sent again")]
    public static partial void NotSent(this ILogger log, long number, string reason);

    [LoggerMessage(LogLevel.Warning,
        "The lease is over: Control has stored no heartbeat for too long. {Count} attempts in hand are ended")]
    public static partial void LeaseOver(this ILogger log, int count);

    [LoggerMessage(LogLevel.Error,
        "The guard beside this process cannot be reached and is started again ({Reason}). Meanwhile attempts outlive "
        + "this process if it is killed")]
    public static partial void GuardGone(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Error, "The log of attempts cannot be written: {Reason}. Free space on its disk")]
    public static partial void AttemptLogFailed(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Killed {Count} processes that an earlier run of this worker left behind")]
    public static partial void Swept(this ILogger log, int count);

    [LoggerMessage(LogLevel.Warning,
        "Jobs run as this agent's own user and may do what it may: read its token and each other's files. Start it as root or by "
        + "the unit of systemd, so that it may switch users, and leave Worker:RunAs empty")]
    public static partial void JobsRunAsTheAgent(this ILogger log);

    [LoggerMessage(LogLevel.Warning,
        "The control group that was delegated cannot be divided: {Reason}. Attempts have none of their own")]
    public static partial void NoCgroups(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning,
        "Worker:MaxMemoryBytes and MaxCpus do not hold: no control group is delegated to this process. The unit of systemd does that")]
    public static partial void NoLimits(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "The directory {Path} cannot be removed: {Reason}")]
    public static partial void NotRemoved(this ILogger log, string path, string reason);

    [LoggerMessage(LogLevel.Error, "The broker cannot be spoken to, and so this agent gets no work. {Reason}")]
    public static partial void BrokerUnreachable(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Information, "The broker is reached")]
    public static partial void BrokerReached(this ILogger log);

    [LoggerMessage(LogLevel.Warning, "systemd could not be told {State}: {Reason}")]
    public static partial void SystemdNotTold(this ILogger log, string state, string reason);
}
