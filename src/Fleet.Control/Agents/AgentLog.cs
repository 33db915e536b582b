namespace Fleet.Control.Agents;

/// <summary>Every line this capability can log.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(1, LogLevel.Information, "Agent {Agent} registered with session {Session}")]
    public static partial void Registered(ILogger logger, string agent, Guid session);

    [LoggerMessage(2, LogLevel.Warning, "The exchanges of agents could not be bound: {Reason}")]
    public static partial void NotBound(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "A heartbeat of {Agent} could not be stored: {Reason}")]
    public static partial void BeatNotStored(ILogger logger, string agent, string reason);
}
