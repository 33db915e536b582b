namespace Fleet.Control.Agents;

/// <summary>Every line this capability can log.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(1, LogLevel.Information, "Agent {Agent} registered with session {Session}")]
    public static partial void Registered(ILogger logger, string agent, Guid session);

    [LoggerMessage(2, LogLevel.Warning, "The broker could not be put in order for agents: {Reason}")]
    public static partial void NotPutInOrder(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "A heartbeat of {Agent} could not be stored: {Reason}")]
    public static partial void BeatNotStored(ILogger logger, string agent, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Agent {Agent} could not be given what it needs at the broker: {Reason}")]
    public static partial void NotReceived(ILogger logger, string agent, string reason);

    [LoggerMessage(5, LogLevel.Information, "Agent {Agent} is enrolled and has a token of its own")]
    public static partial void Enrolled(ILogger logger, string agent);

    [LoggerMessage(6, LogLevel.Information, "Host {Host} asks to be agent {Agent}; its fingerprint is {Fingerprint}")]
    public static partial void Announced(ILogger logger, string agent, string host, string fingerprint);

    [LoggerMessage(7, LogLevel.Information, "Agent {Agent} {Change}")]
    public static partial void Drained(ILogger logger, string agent, string change);

    [LoggerMessage(8, LogLevel.Warning, "Agent {Agent} is revoked; its work goes elsewhere")]
    public static partial void Revoked(ILogger logger, string agent);

    [LoggerMessage(9, LogLevel.Error, "Agent {Agent} is revoked, but the broker could not be told: {Reason}")]
    public static partial void NotCutOff(ILogger logger, string agent, string reason);

    [LoggerMessage(10, LogLevel.Warning, "What agent {Agent} has in its upstreams could not be stored: {Reason}")]
    public static partial void UpstreamsNotStored(ILogger logger, string agent, string reason);

    [LoggerMessage(11, LogLevel.Warning, "Agent {Agent} could not be asked for its models: {Reason}")]
    public static partial void NotAsked(ILogger logger, string agent, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Who came or fell silent could not be told and is told later: {Reason}")]
    public static partial void PresenceNotTold(ILogger logger, string reason);
}
