namespace Fleet.Control.DeadLetters;

/// <summary>Every line this capability can log.</summary>
internal static partial class DeadLetterLog
{
    [LoggerMessage(1, LogLevel.Warning, "Dead letter {Letter} could not be replayed: {Reason}")]
    public static partial void NotReplayed(ILogger logger, Guid letter, string reason);
}
