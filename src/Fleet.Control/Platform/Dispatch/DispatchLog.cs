namespace Fleet.Control.Platform.Dispatch;

/// <summary>Every line the dispatcher can log.</summary>
internal sealed partial class DispatchLog(ILogger<Dispatcher> logger)
{
    [LoggerMessage(1, LogLevel.Warning, "A dispatch round failed and is repeated: {Reason}")]
    public partial void RoundFailed(string reason);
}
