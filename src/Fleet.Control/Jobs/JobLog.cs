namespace Fleet.Control.Jobs;

/// <summary>Every line this capability can log.</summary>
internal static partial class JobLog
{
    [LoggerMessage(1, LogLevel.Warning, "Attempt {Attempt} of job {Job} is lost: {Reason}")]
    public static partial void AttemptLost(ILogger logger, Guid job, int attempt, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Leases could not be checked and are checked again: {Reason}")]
    public static partial void LeasesNotChecked(ILogger logger, string reason);
}
