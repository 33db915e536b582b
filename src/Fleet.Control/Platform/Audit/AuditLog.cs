namespace Fleet.Control.Platform.Audit;

/// <summary>Every line the audit can log.</summary>
internal static partial class AuditLog
{
    [LoggerMessage(1, LogLevel.Warning,
        "Refused while the database was away, so not in the audit: {Who} {Action} {Path} from {Address}: {Status} {Code}")]
    public static partial void NotWritten(
        ILogger logger, string who, string action, string path, string address, int status, string? code);

    [LoggerMessage(2, LogLevel.Warning, "Old rows of the audit, or counts of refusals, wait for the database: {Reason}")]
    public static partial void Waits(ILogger logger, string reason);
}
