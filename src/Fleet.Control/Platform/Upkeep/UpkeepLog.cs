namespace Fleet.Control.Platform.Upkeep;

/// <summary>Every line upkeep can log.</summary>
internal static partial class UpkeepLog
{
    [LoggerMessage(1, LogLevel.Warning, "What is out of date could not be deleted and is tried again: {Reason}")]
    public static partial void NotTidied(ILogger logger, string reason);
}
