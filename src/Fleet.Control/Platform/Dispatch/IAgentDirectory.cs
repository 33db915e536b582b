namespace Fleet.Control.Platform.Dispatch;

/// <summary>An agent that takes work.</summary>
/// <param name="Beat">Number of the session's last beat that is stored; 0 before the first.</param>
internal sealed record ReadyAgent(
    string Name,
    Guid Session,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    long Beat = 0);

/// <summary>Knows the agents that are online and take work.</summary>
internal interface IAgentDirectory
{
    Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop);

    Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop);

    /// <summary>Whether the agent registered this session, and is not revoked.</summary>
    Task<bool> IsSession(string agent, Guid session, CancellationToken stop);
}

/// <summary>What is known of every agent that ever registered, alive or not.</summary>
/// <param name="Silence">How long its leases have not been renewed.</param>
/// <param name="BeatAt">When the session last said what it has in hand, be it of an earlier session; null if never.</param>
/// <param name="IsClosing">What its last beat does not name never starts there.</param>
/// <param name="InHand">The attempts its last beat named.</param>
internal sealed record AgentPresence(
    string Name,
    Guid Session,
    TimeSpan Silence,
    DateTimeOffset? BeatAt,
    bool IsClosing,
    IReadOnlySet<(Guid Id, int Attempt)> InHand);
