namespace Fleet.Control.Agents;

/// <summary>
/// Whether an agent is there, and if not, why. It is online when its beats come, and so through the broker: one that reaches
/// the edge alone gets no work, whatever it says over HTTP.
/// </summary>
internal static class AgentState
{
    private const string Offline = "offline";

    public static string Of(Agent agent, DateTimeOffset heardSince) => agent switch
    {
        { RevokedAt: not null } => "revoked",
        _ when !IsHeard(agent, heardSince) => Offline,
        { Draining: true } => "draining",
        _ => "online",
    };

    /// <summary>Null unless it is offline.</summary>
    public static string? ReasonOf(Agent agent, DateTimeOffset heardSince)
    {
        if (Of(agent, heardSince) != Offline)
            return null;
        if (agent.RegisteredAt is null)
            return "Its process has not come since it was enrolled: it does not run, or does not reach the edge. Its own log says which.";
        if (agent.SeenAt <= heardSince)
            return agent.Closing
                ? "Its process was stopped."
                : "Nothing was heard of it: its process does not run, or reaches neither the edge nor the broker.";
        return agent.BrokerTrouble is { } trouble
            ? $"It reaches the edge, but not the broker: {trouble}"
            : "It reaches the edge, but nothing of it has come through the broker.";
    }

    private static bool IsHeard(Agent agent, DateTimeOffset since) => agent.SeenAt > since && agent.BeatAt > since;
}
