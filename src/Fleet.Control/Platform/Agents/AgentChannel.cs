namespace Fleet.Control.Platform.Agents;

/// <summary>The address of an agent in the outbox: who is meant, and not how he is reached.</summary>
internal static class AgentChannel
{
    /// <summary>The label by which an agent that hangs on a socket of Control is known.</summary>
    public const string Label = "channel";

    /// <summary>Its value.</summary>
    public const string Socket = "socket";

    private const string Scheme = "agent:";

    public static bool IsSocket(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(Label) == Socket;

    public static Uri AddressOf(string agent) => new(Scheme + agent);

    /// <summary>Null when the address is no agent's.</summary>
    public static string? AgentOf(string address) =>
        address.StartsWith(Scheme, StringComparison.Ordinal) ? address[Scheme.Length..] : null;
}
