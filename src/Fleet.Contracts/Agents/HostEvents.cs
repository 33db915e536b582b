namespace Fleet.Contracts.Agents;

/// <summary>
/// What happened on an agent's host. The agent says so until it hears that this is stored, and only to a Control that
/// <see cref="AgentWelcome.HearsEvents"/>.
/// </summary>
public sealed record HostEventsSeen(string Agent, Guid Session, IReadOnlyList<HostEvent> Events);

/// <summary>One event of a host.</summary>
/// <param name="Key">The same however often the event is said, and of no other event of that agent.</param>
/// <param name="At">When it happened, by the host's clock.</param>
public sealed record HostEvent(string Kind, Guid Key, DateTimeOffset At)
{
    /// <summary>Somebody logged on.</summary>
    public const string Logon = "logon";
}

/// <summary>Tells an agent that these need not be said again.</summary>
public sealed record HostEventsStored(Guid Session, IReadOnlyList<Guid> Keys);
