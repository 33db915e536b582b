namespace Fleet.Control.Platform.Dispatch;

/// <summary>An agent that takes work.</summary>
internal sealed record ReadyAgent(
    string Name, Guid Session, IReadOnlyDictionary<string, int> Slots, IReadOnlyDictionary<string, string> Labels);

/// <summary>Knows the agents that are online and take work.</summary>
internal interface IAgentDirectory
{
    Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop);

    Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop);

    /// <summary>Whether the agent registered this session, and is not revoked.</summary>
    Task<bool> IsSession(string agent, Guid session, CancellationToken stop);
}

/// <summary>What is known of every agent that ever registered, alive or not.</summary>
/// <param name="SinceBeat">How long it has said nothing.</param>
/// <param name="BeatAt">When its last beat was stored.</param>
/// <param name="InHand">The attempts its last beat named.</param>
internal sealed record AgentPresence(
    string Name, Guid Session, TimeSpan SinceBeat, DateTimeOffset BeatAt, IReadOnlySet<(Guid Id, int Attempt)> InHand);
