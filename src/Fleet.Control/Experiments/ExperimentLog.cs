namespace Fleet.Control.Experiments;

/// <summary>Every line that experiments can log.</summary>
internal static partial class ExperimentLog
{
    [LoggerMessage(LogLevel.Warning, "Metrics that belong to no run could not be removed, and are looked for again: {Reason}")]
    public static partial void MetricsNotTidied(ILogger log, string reason);
}
