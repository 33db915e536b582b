namespace Fleet.Control.Platform.Agents;

/// <summary>The address of an agent in the outbox: who is meant, and not how he is reached.</summary>
internal static class AgentChannel
{
    private const string Scheme = "agent:";

    public static Uri AddressOf(string agent) => new(Scheme + agent);

    /// <summary>Null when the address is no agent's.</summary>
    public static string? AgentOf(string address) =>
        address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : null;
}
