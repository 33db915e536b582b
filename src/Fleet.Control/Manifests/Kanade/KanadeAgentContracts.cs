using System.Text.Json.Serialization;
using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>An agent, as this wire shows it. What is not known is null.</summary>
internal sealed record KanadeAgent(
    string PcId, string? Hostname, string? OsFamily, string? AgentVersion, DateTimeOffset? LastHeartbeat, DateTimeOffset? UpdatedAt,
    double? AgentCpuPct, long? AgentRssBytes, long? AgentDiskReadBytes, long? AgentDiskWrittenBytes)
{
    public static KanadeAgent Of(AgentStanding agent) => new(
        agent.Name, Known(agent.Host?.Name), Known(agent.Host?.Os), Known(agent.Host?.Version), agent.HeardAt, agent.HeardAt,
        null, null, null, null);

    /// <summary>Null for what was never said.</summary>
    public static string? Known(string? text) => text is { Length: > 0 } ? text : null;
}

internal sealed record KanadePing(KanadeHeartbeat Heartbeat);

/// <summary>An agent's word. What is not known is left out.</summary>
internal sealed record KanadeHeartbeat(
    string PcId,
    DateTimeOffset At,
    string AgentVersion,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Hostname,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OsFamily)
{
    public static KanadeHeartbeat Of(AgentStanding agent, DateTimeOffset heard) => new(
        agent.Name, heard, agent.Host?.Version ?? "", KanadeAgent.Known(agent.Host?.Name), KanadeAgent.Known(agent.Host?.Os));
}

internal sealed record KanadeGroups(IReadOnlyList<string> Groups);

internal sealed record KanadeGroupsRequest(List<string?>? Groups);

internal sealed record KanadeGroupRequest(string? Group);
