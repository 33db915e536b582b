namespace Fleet.Control.Backups;

/// <summary>Every line this slice can log.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(1, LogLevel.Warning, "What deserves an alert could not be looked at, and will be later: {Reason}")]
    public static partial void NotWatched(ILogger logger, string reason);
}
