using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Client.Manifests;

/// <summary>A manifest on many agents.</summary>
/// <param name="State"><c>awaiting_approval</c>, <c>running</c>, <c>paused</c>, <c>completed</c> or <c>aborted</c>.</param>
/// <param name="Waves">How many there are.</param>
/// <param name="Wave">How many have begun.</param>
/// <param name="WaveAt">When the next may begin; null when all have, and while it is not known.</param>
public sealed record Execution(
    string ExecutionId,
    string Manifest,
    string Version,
    int Revision,
    string State,
    string? Reason,
    string By,
    string? ApprovedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    int Waves,
    int Wave,
    DateTimeOffset? WaveAt,
    ExecutionCounts Counts,
    string? RerunOf,
    string? Schedule)
{
    /// <summary>Whether nothing can happen to it any more.</summary>
    [JsonIgnore]
    public bool IsOver => State is "completed" or "aborted";
}

/// <summary>Agents, by what became of them.</summary>
public sealed record ExecutionCounts(int Total, int Pending, int Running, int Ok, int Failed, int Skipped);

/// <summary>One agent of an execution.</summary>
public sealed record ExecutionHost(
    string JobId,
    string Agent,
    int Wave,
    string State,
    string? Reason,
    int? ExitCode,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt);

/// <summary>What an execution would do.</summary>
/// <param name="Confirm">What to send with the execution; null where it needs no confirmation.</param>
public sealed record ExecutionForecast(
    string Manifest,
    string Version,
    int Revision,
    int Total,
    IReadOnlyList<ForecastWave> Waves,
    IReadOnlyList<LeftOutAgent> LeftOut,
    bool NeedsApproval,
    string? Confirm);

public sealed record ForecastWave(double DelayS, IReadOnlyList<string> Agents);

/// <summary>An agent that is not reached.</summary>
public sealed record LeftOutAgent(string Agent, string Reason);

/// <summary>An execution to be made. What is null has its default.</summary>
public sealed record ExecutionDraft(
    string Manifest,
    ExecutionTarget Target,
    int? Revision = null,
    IReadOnlyDictionary<string, JsonElement>? Parameters = null,
    string? Offline = null,
    IReadOnlyList<ExecutionWave>? Waves = null,
    ExecutionBrakes? Brakes = null,
    int? JitterS = null,
    DateTimeOffset? DeadlineAt = null,
    int? MaxConcurrent = null,
    int? Priority = null,
    string? Confirm = null);

/// <summary>Which agents: those that one of these names.</summary>
public sealed record ExecutionTarget(
    bool? All = null,
    IReadOnlyList<string>? Groups = null,
    IReadOnlyList<string>? Agents = null,
    IReadOnlyDictionary<string, string>? Labels = null,
    string? Filter = null);

/// <summary>One of group, hosts and share.</summary>
public sealed record ExecutionWave(string? Group = null, int? Hosts = null, double? Share = null, int? DelayS = null);

/// <summary>More failures than these stop what has not begun.</summary>
public sealed record ExecutionBrakes(int? MaxFailures = null, double? MaxFailureShare = null);
