namespace Fleet.Control.Agents.Socket;

/// <summary>Every line about agents that hang on a socket.</summary>
internal static partial class SocketLog
{
    [LoggerMessage(1, LogLevel.Information, "Agent {Agent} is connected; its protocol is {Protocol}, its version {Version}")]
    public static partial void Connected(ILogger logger, string agent, int protocol, string version);

    [LoggerMessage(2, LogLevel.Information, "Agent {Agent} is gone from its socket: {Reason}")]
    public static partial void Gone(ILogger logger, string agent, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Agent {Agent} said what cannot be taken: {Reason}")]
    public static partial void Fault(ILogger logger, string agent, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Agent {Agent} reports an error: {Code}: {Text}")]
    public static partial void Said(ILogger logger, string agent, string code, string text);

    [LoggerMessage(5, LogLevel.Warning, "The queue of agent {Agent} cannot be read now: {Reason}")]
    public static partial void QueueAway(ILogger logger, string agent, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Agent {Agent} could not be let in: {Reason}")]
    public static partial void NotLetIn(ILogger logger, string agent, string reason);

    [LoggerMessage(7, LogLevel.Warning, "What agent {Agent} says cannot be stored now, and waits: {Reason}")]
    public static partial void NotStored(ILogger logger, string agent, string reason);

    [LoggerMessage(8, LogLevel.Warning, "Agent {Agent} beats its heart every {Seconds} s; 30 s is the custom, and under 5 s too fast")]
    public static partial void BeatsTooFast(ILogger logger, string agent, double seconds);

    [LoggerMessage(9, LogLevel.Warning, "Which agents hang elsewhere by now could not be asked: {Reason}")]
    public static partial void NotLooked(ILogger logger, string reason);

    [LoggerMessage(10, LogLevel.Warning, "A message of {Bytes} bytes goes to agent {Agent}; some refuse more than 32768")]
    public static partial void LongMessage(ILogger logger, string agent, int bytes);
}
