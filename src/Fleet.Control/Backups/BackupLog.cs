namespace Fleet.Control.Backups;

/// <summary>Every line this slice can log.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(1, LogLevel.Warning, "What deserves an alert could not be looked at, and will be later: {Reason}")]
    public static partial void NotWatched(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information,
        "Secrets of {Count} repositories were sealed with the key of Secrets:KeyFile; {Closed} open with neither key. Once every Control "
        + "says 0, Secrets:OtherKeyFile is needed no more")]
    public static partial void SealedAnew(ILogger logger, int count, int closed);
}
