namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>Every line that bulk work can log.</summary>
internal static partial class BulkLog
{
    [LoggerMessage(1, LogLevel.Warning, "Bulk work {Run} could not go on and is tried again: {Reason}")]
    public static partial void NotDone(ILogger logger, Guid run, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Bulk work {Run} cannot go on: {Reason}")]
    public static partial void Failed(ILogger logger, Guid run, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Work {Work} could not be changed by bulk work {Run}: {Reason}")]
    public static partial void OneFailed(ILogger logger, Guid work, Guid run, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Which bulk work is to be done could not be read and is looked for again: {Reason}")]
    public static partial void NotRead(ILogger logger, string reason);
}
