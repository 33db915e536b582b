namespace Fleet.Control.Manifests;

internal static partial class ManifestLog
{
    [LoggerMessage(LogLevel.Warning, "The database is away; waves of executions begin later: {Reason}")]
    public static partial void NotRolledOut(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} could not start anything: {Reason}")]
    public static partial void NotStarted(ILogger log, string schedule, string reason);

    [LoggerMessage(LogLevel.Warning, "The database is away; old results are removed later: {Reason}")]
    public static partial void NotCleaned(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The database is away; {Agent} says again what happened on its host: {Reason}")]
    public static partial void EventsNotKept(ILogger log, string agent, string reason);
}
