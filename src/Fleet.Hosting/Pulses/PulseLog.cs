using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>Every line about the life of the buses.</summary>
internal static partial class PulseLog
{
    [LoggerMessage(1, LogLevel.Warning, "The broker is away or takes nothing: {Trouble}")]
    public static partial void BrokerAway(this ILogger log, string trouble);

    [LoggerMessage(2, LogLevel.Error, "The broker works, but {Trouble} for {Rounds} rounds: the connections are built anew")]
    public static partial void BusIsDead(this ILogger log, string trouble, int rounds);

    [LoggerMessage(3, LogLevel.Information, "The connections to the broker are new")]
    public static partial void Revived(this ILogger log);

    [LoggerMessage(4, LogLevel.Error, "The connections to the broker cannot be built anew: {Reason}")]
    public static partial void NotRevived(this ILogger log, string reason);

    [LoggerMessage(5, LogLevel.Critical, "This process cannot reach a broker that works, and ends with code 70: start it again")]
    public static partial void GivingUp(this ILogger log);
}
