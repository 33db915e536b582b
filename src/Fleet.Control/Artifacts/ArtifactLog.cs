namespace Fleet.Control.Artifacts;

internal static partial class ArtifactLog
{
    [LoggerMessage(LogLevel.Warning, "Incomplete artifact {ArtifactId} is left to the janitor: {Reason}")]
    public static partial void LeftToJanitor(ILogger log, Guid artifactId, string reason);

    [LoggerMessage(LogLevel.Warning, "The database is away; abandoned artifacts are deleted later: {Reason}")]
    public static partial void SweepWaits(ILogger log, string reason);
}
