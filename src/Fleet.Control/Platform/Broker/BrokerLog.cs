namespace Fleet.Control.Platform.Broker;

/// <summary>Every line about the broker.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(1, LogLevel.Error, "A message of {Endpoint} could not be handled and is kept as a dead letter: {Reason}")]
    public static partial void DeadLetter(ILogger logger, string endpoint, string reason);

    [LoggerMessage(2, LogLevel.Warning, "Dead letters cannot be read from the broker now: {Reason}")]
    public static partial void DeadLettersAway(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Warning,
        "{Exchange} sends what cannot be handled; of the rest of this hour only the count is kept")]
    public static partial void Noisy(ILogger logger, string exchange);

    [LoggerMessage(3, LogLevel.Warning, "A report that came through {Exchange} speaks for {Agent}; it is ignored")]
    public static partial void ForeignReport(ILogger logger, string exchange, string agent);

    [LoggerMessage(4, LogLevel.Warning, "Agent {Agent} could not be told what is stored, and will say it again: {Reason}")]
    public static partial void ReceiptNotSent(ILogger logger, string agent, string reason);

    [LoggerMessage(LogLevel.Warning,
        "Agent {Agent} says far more than one may: it is cut off from the broker for {Seconds} s, and what waits of it is dropped")]
    public static partial void Floods(ILogger logger, string agent, double seconds);

    [LoggerMessage(LogLevel.Warning, "What agents say cannot be read now: {Reason}")]
    public static partial void ReportsAway(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "What {Agent} says cannot be read now: {Reason}")]
    public static partial void ReportsOfOneAway(ILogger logger, string agent, string reason);

    [LoggerMessage(LogLevel.Error, "{Sentence}")]
    public static partial void Blocked(ILogger logger, string sentence);

    [LoggerMessage(LogLevel.Information, "The broker takes messages again")]
    public static partial void TakesAgain(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Agent {Agent} could not be cut off from the broker: {Reason}")]
    public static partial void NotCutOff(ILogger logger, string agent, string reason);
}
