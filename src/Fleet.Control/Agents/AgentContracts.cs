using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Agents;

/// <summary>An agent as clients see it.</summary>
/// <param name="State"><c>online</c>, <c>offline</c>, <c>draining</c> (online, and takes nothing new) or
/// <c>revoked</c>.</param>
/// <param name="Draining">Whether it takes nothing new, online or not.</param>
/// <param name="RegisteredAt">Null while it has never come.</param>
/// <param name="Tenants">Whose work it takes; empty means everybody's.</param>
/// <param name="Reason">Why it is offline; left out otherwise.</param>
/// <param name="Upstreams">Its servers of models; only where one agent is asked for.</param>
internal sealed record AgentView(
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<AgentUpstreamView>? Upstreams = null)
{
    public static AgentView Of(Agent agent, DateTimeOffset now, LeaseSettings settings) => new(
        agent.Name,
        AgentState.Of(agent, now - TimeSpan.FromSeconds(settings.OfflineSeconds)),
        agent.Draining,
        JsonSerializer.Deserialize<Dictionary<string, int>>(agent.Slots)!,
        JsonSerializer.Deserialize<Dictionary<string, string>>(agent.Labels)!,
        agent.AgentVersion,
        agent.Hostname,
        agent.Os,
        agent.Arch,
        agent.InHandIds.Length,
        agent.EnrolledAt,
        agent.RegisteredAt,
        agent.SeenAt,
        agent.RevokedAt,
        agent.Tenants,
        AgentState.ReasonOf(agent, now - TimeSpan.FromSeconds(settings.OfflineSeconds)));
}

/// <summary>One run of an agent's process.</summary>
/// <param name="At">When it came.</param>
/// <param name="LastAt">When it registered last.</param>
internal sealed record AgentHelloView(
    Guid Session,
    DateTimeOffset At,
    DateTimeOffset LastAt,
    string Version,
    string Hostname,
    string Os,
    string Arch,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels)
{
    public static AgentHelloView Of(AgentHello hello) => new(
        hello.Session,
        hello.At,
        hello.LastAt,
        hello.AgentVersion,
        hello.Hostname,
        hello.Os,
        hello.Arch,
        JsonSerializer.Deserialize<Dictionary<string, int>>(hello.Slots)!,
        JsonSerializer.Deserialize<Dictionary<string, string>>(hello.Labels)!);
}

/// <summary>Body of <c>POST /v1/agents/enrolments</c>.</summary>
/// <param name="Name">The agent it is for; null means any name that is not taken yet.</param>
/// <param name="Labels">What the agent will have, whatever it says of itself.</param>
/// <param name="ExpiresInS">1 to 3600 seconds.</param>
/// <param name="Tenants">Whose work the agent will take; empty means everybody's. Left out: everybody's with a key of the
/// default tenant, and what an agent that exists already takes stays; with any other key, that tenant's.</param>
internal sealed record CreateEnrolment(
    string? Name = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    int ExpiresInS = 3600,
    IReadOnlyList<string>? Tenants = null);

/// <summary>An enrolment without its token.</summary>
internal sealed record EnrolmentView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid EnrolmentId,
    string? Name,
    IReadOnlyDictionary<string, string> Labels,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? UsedAt,
    string? UsedBy,
    IReadOnlyList<string>? Tenants)
{
    public static EnrolmentView Of(AgentEnrolment enrolment) => new(
        enrolment.Id,
        enrolment.Name,
        JsonSerializer.Deserialize<Dictionary<string, string>>(enrolment.Labels)!,
        enrolment.CreatedAt,
        enrolment.ExpiresAt,
        enrolment.UsedAt,
        enrolment.UsedBy,
        enrolment.Tenants);
}

/// <summary>A new enrolment, with the token that is shown this once.</summary>
/// <param name="Token">Null in the answer to a repetition.</param>
/// <param name="Command">What installs the agent, pasted into a shell of its host; only for a token with a name, where
/// <c>Agents:Install</c> says how other hosts reach this fleet.</param>
internal sealed record NewEnrolmentView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid EnrolmentId, string? Token, string? Name, DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Command = null);

/// <summary>A host that waits to be let in.</summary>
/// <param name="State"><c>pending</c>, <c>approved</c> or <c>refused</c>.</param>
/// <param name="Fingerprint">What the host's own log says too.</param>
internal sealed record PendingAgentView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid AnnouncementId,
    string State,
    string Name,
    string Fingerprint,
    string Hostname,
    string Os,
    string Arch,
    string Version,
    DateTimeOffset At,
    DateTimeOffset ExpiresAt)
{
    public static PendingAgentView Of(PendingAgent pending) => new(
        pending.Id,
        pending.RefusedAt is not null ? "refused" : pending.ApprovedAt is not null ? "approved" : "pending",
        pending.Name,
        AgentFingerprint.Of(KeyHash.FromBytes(pending.Sha256)),
        pending.Hostname,
        pending.Os,
        pending.Arch,
        pending.AgentVersion,
        pending.At,
        pending.ExpiresAt);
}

/// <summary>Body of <c>POST /v1/agents/announcements/{id}/approval</c>.</summary>
/// <param name="Name">Another name than the host asked for.</param>
/// <param name="Labels">What the agent will have, whatever it says of itself.</param>
/// <param name="Tenants">Whose work it will take; left out or empty means everybody's.</param>
internal sealed record ApproveAgent(
    string? Name = null, IReadOnlyDictionary<string, string>? Labels = null, IReadOnlyList<string>? Tenants = null);

/// <summary>A new token of an agent, shown this once.</summary>
/// <param name="FormerValidUntil">When the agent's former tokens end.</param>
internal sealed record NewAgentTokenView(string Agent, string AgentToken, DateTimeOffset FormerValidUntil);
