namespace Fleet.Control.Platform.Outbox;

/// <summary>Every line the outbox can log.</summary>
internal sealed partial class OutboxLog(ILogger<OutboxDelivery> logger)
{
    [LoggerMessage(1, LogLevel.Warning, "{Count} messages to {Destination} could not be delivered and wait: {Reason}")]
    public partial void Postponed(int count, string destination, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The outbox could not be swept: {Reason}")]
    public partial void SweepFailed(string reason);
}
