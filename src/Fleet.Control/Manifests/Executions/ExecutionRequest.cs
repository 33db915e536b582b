using System.Text.Json;

namespace Fleet.Control.Manifests.Executions;

/// <summary>An execution as clients ask for it: <c>POST /v1/executions</c>. What may be left out has a default.</summary>
internal sealed class ExecutionRequest
{
    /// <summary>Name in the catalogue.</summary>
    public string? Manifest { get; init; }

    /// <summary>The present one, where it is left out.</summary>
    public int? Revision { get; init; }

    public ExecutionTargetRequest? Target { get; init; }

    /// <summary>Values of the manifest's parameters, by name.</summary>
    public Dictionary<string, JsonElement>? Parameters { get; init; }

    /// <summary>
    /// Agents that are away: <c>wait</c>, <c>skip</c>, or <c>newest</c> (only the latest execution of the manifest waits).
    /// </summary>
    public string Offline { get; init; } = "wait";

    /// <summary>Left out: all at once. Agents in none of the waves follow in one more.</summary>
    public List<WaveRequest>? Waves { get; init; }

    public BrakesRequest? Brakes { get; init; }

    /// <summary>Each agent begins at a time of its own within so many seconds.</summary>
    public int? JitterS { get; init; }

    /// <summary>What has not begun by then does not: exit code 125.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>Agents that run it at the same time.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int Priority { get; init; } = 5;

    /// <summary>The token that a dry run gave, for more agents than are reached without asking.</summary>
    public string? Confirm { get; init; }
}

/// <summary>Which agents: those that one of these names. Everything with <see cref="All"/>.</summary>
internal sealed class ExecutionTargetRequest
{
    public bool All { get; init; }

    public List<string?>? Groups { get; init; }

    public List<string?>? Agents { get; init; }

    /// <summary>Agents with all of these.</summary>
    public Dictionary<string, string?>? Labels { get; init; }

    /// <summary>A filter over <c>agent</c>, <c>label.NAME</c> and <c>online</c>: <c>agent:web-* label.env!=prod</c>.</summary>
    public string? Filter { get; init; }
}

/// <summary>One of <see cref="Group"/>, <see cref="Hosts"/> and <see cref="Share"/>.</summary>
internal sealed class WaveRequest
{
    public string? Group { get; init; }

    /// <summary>So many of those that are in no earlier wave, by name.</summary>
    public int? Hosts { get; init; }

    /// <summary>So much of all, 0 to 1.</summary>
    public double? Share { get; init; }

    /// <summary>Counted from the submission.</summary>
    public int DelayS { get; init; }
}

/// <summary>With brakes, a wave begins only when those before it are over; with more failures than these, none does.</summary>
internal sealed class BrakesRequest
{
    public int? MaxFailures { get; init; }

    /// <summary>Of all that are over, 0 to 1.</summary>
    public double? MaxFailureShare { get; init; }
}

/// <summary>What holds for all agents of an execution, as it is kept.</summary>
/// <param name="Delays">Seconds from the submission to each wave.</param>
/// <param name="StaleAfterS">What has not begun so long after its submission is refused as stale.</param>
/// <param name="Attempts">How often a run that fails is tried in all.</param>
/// <param name="RetryPauseS">How long it pauses before each further attempt; null means a pause that grows.</param>
internal sealed record ExecutionTerms(
    string Offline,
    int TimeoutS,
    IReadOnlyList<double> Delays,
    int? MaxFailures = null,
    double? MaxFailureShare = null,
    double? JitterS = null,
    DateTimeOffset? DeadlineAt = null,
    double? StaleAfterS = null,
    int? MaxConcurrent = null,
    int Priority = 5,
    int Attempts = 1,
    double? RetryPauseS = null)
{
    public bool HasBrakes => MaxFailures is not null || MaxFailureShare is not null;

    /// <summary>Whether so many failures stop what has not begun.</summary>
    public bool Stops(int failed, int over) =>
        failed > (MaxFailures ?? int.MaxValue) || (over > 0 && MaxFailureShare is { } most && (double)failed / over > most);
}
