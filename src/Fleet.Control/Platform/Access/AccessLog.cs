namespace Fleet.Control.Platform.Access;

internal static partial class AccessLog
{
    [LoggerMessage(LogLevel.Information, "The first admin key is in {File}")]
    public static partial void FirstKeyWritten(ILogger log, string file);

    [LoggerMessage(LogLevel.Information, "The admin key that an interrupted start left behind is now in {File}")]
    public static partial void LeftoverKept(ILogger log, string file);

    [LoggerMessage(LogLevel.Warning, "The database is away, so the first admin key has to wait: {Reason}")]
    public static partial void FirstKeyWaits(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The database is away; the use of keys is written down later: {Reason}")]
    public static partial void UsesWait(ILogger log, string reason);
}
