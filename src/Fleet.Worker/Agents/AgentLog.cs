namespace Fleet.Worker.Agents;

/// <summary>Every line this capability can log.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(LogLevel.Information,
        "Agent {Agent} is registered, session {Session}: a heartbeat every {Heartbeat} s, leases of {Lease} s")]
    public static partial void Registered(
        this ILogger log, string agent, Guid session, double heartbeat, double lease);

    [LoggerMessage(LogLevel.Warning, "Control cannot be reached ({Reason}); next try in {Pause:0.#} s")]
    public static partial void Unreachable(this ILogger log, string reason, double pause);

    [LoggerMessage(LogLevel.Error,
        "Control refuses this agent's token ({Reason}). Give a new one-time token by Worker:EnrolmentTokenFile; "
        + "next try in {Pause:0.#} s")]
    public static partial void KeyRefused(this ILogger log, string reason, double pause);

    [LoggerMessage(LogLevel.Warning,
        "This host asks to be agent {Agent} and waits for an operator's approval; its fingerprint is {Fingerprint}")]
    public static partial void Announced(this ILogger log, string agent, string fingerprint);

    [LoggerMessage(LogLevel.Information, "This host is enrolled as agent {Agent}")]
    public static partial void Enrolled(this ILogger log, string agent);

    [LoggerMessage(LogLevel.Critical,
        "Control does not accept what this agent says about itself ({Reason}). Correct the section Worker; stopping")]
    public static partial void RegistrationWrong(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "What schedules that this agent holds were due could not be said, and will be again: {Reason}")]
    public static partial void SchedulesNotTold(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "What happens on this host cannot be seen or said at the moment, and is tried again: {Reason}")]
    public static partial void EventsNotTold(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Heartbeat {Number} was not taken by the broker: {Reason}")]
    public static partial void BeatNotSent(this ILogger log, long number, string reason);

    [LoggerMessage(LogLevel.Information, "Upstream {Upstream} is there: {Protocol}, {Models} models")]
    public static partial void UpstreamThere(this ILogger log, string upstream, string? protocol, int models);

    [LoggerMessage(LogLevel.Warning, "Upstream {Upstream} is not there, and gets no calls until it is: {Reason}")]
    public static partial void UpstreamAway(this ILogger log, string upstream, string? reason);

    [LoggerMessage(LogLevel.Warning, "Control could not be told what the upstreams have: {Reason}")]
    public static partial void UpstreamsNotTold(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "Control got no answer to its question for {Operation}: {Reason}")]
    public static partial void QuestionNotAnswered(this ILogger log, string operation, string reason);
}
