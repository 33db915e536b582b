using System.Text.RegularExpressions;

namespace Fleet.Contracts.Agents;

/// <summary>Where one agent is told things, and where it says them.</summary>
public static partial class AgentAddress
{
    /// <summary>The queue and exchange that only this agent reads.</summary>
    public static string Queue(string agent) => $"agent-{agent}";

    /// <summary>The exchange that only this agent writes to: what came through it was said by this agent.</summary>
    public static string Out(string agent) => $"agent-{agent}-out";

    /// <summary>The agent that writes to this exchange; null when it is no agent's.</summary>
    public static string? AgentOf(string exchange) =>
        exchange.StartsWith("agent-", StringComparison.Ordinal)
        && exchange.EndsWith("-out", StringComparison.Ordinal)
        && exchange.Length > "agent-".Length + "-out".Length
            ? exchange["agent-".Length..^"-out".Length]
            : null;

    /// <summary>The exchange of the agent that reads this queue; null when it is no agent's.</summary>
    public static string? OutOfQueue(string queue) =>
        queue.StartsWith("agent-", StringComparison.Ordinal) ? queue + "-out" : null;

    /// <summary>Address for sends; never <c>queue:</c>, which would declare a queue of another type.</summary>
    public static Uri ExchangeOf(string agent) => new($"exchange:{Queue(agent)}");

    /// <summary>
    /// Lower-case letters, digits and inner hyphens, at most 60 characters, not ending in <c>-out</c>.
    /// </summary>
    public static bool IsName(string? agent) =>
        agent is not null && NamePattern().IsMatch(agent) && !agent.EndsWith("-out", StringComparison.Ordinal);

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?\z")]
    private static partial Regex NamePattern();
}
