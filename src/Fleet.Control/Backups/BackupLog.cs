namespace Fleet.Control.Backups;

/// <summary>Every line this slice can log.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(1, LogLevel.Warning, "What deserves an alert could not be looked at, and will be later: {Reason}")]
    public static partial void NotWatched(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information,
        "Secrets of {Count} repositories were sealed anew with the key {Fingerprint} of Secrets:KeyFile; {Closed} open with neither key")]
    public static partial void SealedAnew(ILogger logger, int count, string fingerprint, int closed);

    [LoggerMessage(3, LogLevel.Information, "Secrets of all repositories open with the key {Fingerprint} of Secrets:KeyFile alone")]
    public static partial void OpenAlone(ILogger logger, string fingerprint);

    [LoggerMessage(4, LogLevel.Warning, "Secrets of repositories could not be sealed anew, and will be later: {Reason}")]
    public static partial void NotSealedAnew(ILogger logger, string reason);
}
