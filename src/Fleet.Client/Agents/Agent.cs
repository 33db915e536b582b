using System.Text.Json;

namespace Fleet.Client.Agents;

/// <summary>A host that does work.</summary>
/// <param name="State"><c>online offline draining revoked</c>.</param>
/// <param name="Slots">How much it runs at once, by capability.</param>
/// <param name="InHand">Attempts that it has.</param>
/// <param name="Tenants">Whose work it takes; empty means everybody's.</param>
/// <param name="Upstreams">Its servers of models; null in lists.</param>
/// <param name="Reason">Why it is offline; null otherwise.</param>
public sealed record Agent(
    string Name,
    string State,
    bool Draining,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    string Version,
    string Hostname,
    string Os,
    string Arch,
    int InHand,
    DateTimeOffset EnrolledAt,
    DateTimeOffset? RegisteredAt,
    DateTimeOffset? SeenAt,
    DateTimeOffset? RevokedAt,
    IReadOnlyList<string> Tenants,
    IReadOnlyList<AgentUpstream>? Upstreams = null,
    string? Reason = null);

/// <summary>A server of models.</summary>
/// <param name="Error">Why it gets no calls.</param>
/// <param name="Loaded">Models in its memory.</param>
public sealed record AgentUpstream(
    string Name,
    string? Protocol,
    bool Reachable,
    string? Error,
    string? Version,
    int Generations,
    int Embeddings,
    IReadOnlyList<AgentModel> Models,
    IReadOnlyList<string> Loaded);

/// <param name="Size">Bytes.</param>
public sealed record AgentModel(string Name, long? Size, string? Digest, DateTimeOffset? ModifiedAt, JsonElement? Details);

/// <summary>What lets a host in.</summary>
/// <param name="Name">The agent it is for; null means any name that is not taken.</param>
/// <param name="Labels">What the agent will have, whatever it says of itself.</param>
/// <param name="ExpiresInS">1 to 3600 seconds.</param>
public sealed record EnrolmentDraft(
    string? Name = null, IReadOnlyDictionary<string, string>? Labels = null, int? ExpiresInS = null);

/// <param name="Token">Shown this once.</param>
/// <param name="Command">What installs the agent, pasted on its host; null where the fleet has no installer, or the token no name.</param>
public sealed record NewEnrolment(
    string EnrolmentId, string? Token, string? Name, DateTimeOffset ExpiresAt, string? Command = null);
