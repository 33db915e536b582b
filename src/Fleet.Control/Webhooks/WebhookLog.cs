namespace Fleet.Control.Webhooks;

/// <summary>Every line this capability can log.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(1, LogLevel.Warning, "Who subscribed to what could not be read; the database is asked each time: {Reason}")]
    public static partial void SubscriptionsNotRead(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Warning, "What is owed to receivers could not be read and is looked for again: {Reason}")]
    public static partial void NotClaimed(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "How a delivery about {About} went could not be stored; it is told again: {Reason}")]
    public static partial void NotStored(ILogger logger, Guid about, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Endpoint {Endpoint} is disabled: {Reason}")]
    public static partial void Disabled(ILogger logger, Guid endpoint, string reason);

    [LoggerMessage(5, LogLevel.Warning, "A delivery of {Type} about {About} to {Target} is dead: {Reason}")]
    public static partial void Dead(ILogger logger, string type, Guid about, string target, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Old deliveries could not be tidied up and are tried again: {Reason}")]
    public static partial void NotTidied(ILogger logger, string reason);
}
