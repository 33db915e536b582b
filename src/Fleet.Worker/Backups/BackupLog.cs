namespace Fleet.Worker.Backups;

/// <summary>Every line that backups can log.</summary>
internal static partial class BackupLog
{
    [LoggerMessage(LogLevel.Warning, "Control could not be told about repository {Repository}: {Reason}")]
    public static partial void NotTold(this ILogger log, string repository, string reason);

    [LoggerMessage(LogLevel.Warning, "A question about a snapshot could not be answered: {Reason}")]
    public static partial void NotAnswered(this ILogger log, string reason);
}
