namespace Fleet.Contracts.Notebooks;

/// <summary>
/// Somebody wants a connection to the server of a notebook that the agent has in hand. The agent makes it and joins it to a
/// WebSocket that it opens for that: <c>GET /v1/agents/{name}/tunnels/{tunnel}</c>, whose binary messages are the bytes of
/// the connection. What the server wants to be shown is in the header <see cref="TokenHeader"/>. A tunnel that comes late is refused.
/// </summary>
/// <param name="Tunnel">Its id.</param>
/// <param name="WorkId">Of the work that is the notebook's server.</param>
public sealed record OpenTunnel(Guid Tunnel, Guid WorkId, int Attempt)
{
    /// <summary>
    /// The secret of this run of the server: no caller is told it. The server has it in its environment, where the notebook's own cells,
    /// and other processes of the same user on that agent, can read it.
    /// </summary>
    public const string TokenHeader = "Fleet-Notebook-Token";

    /// <summary>Instead of it: the agent makes no more connections to this notebook now.</summary>
    public const string RefusedHeader = "Fleet-Notebook-Refused";
}
