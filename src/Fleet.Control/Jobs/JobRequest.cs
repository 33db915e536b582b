using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Jobs;

/// <summary>A submission as clients write it: <c>POST /v1/jobs</c>. What may be left out has a default.</summary>
internal sealed class JobRequest
{
    public string? Kind { get; init; }

    public CommandRequest? Command { get; init; }

    public InferenceRequest? Inference { get; init; }

    public ExperimentRequest? Experiment { get; init; }

    public string? Name { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int Priority { get; init; } = 5;

    /// <summary>3 for model calls, and 1 for everything else, where it is left out.</summary>
    public int? MaxAttempts { get; init; }

    public int? TimeoutS { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public TargetRequest? Target { get; init; }

    public string? StateWebhookUrl { get; init; }

    /// <summary>While its agents are away: <c>wait</c>, <c>skip</c> or <c>newest</c> (of one queue_key).</summary>
    public string Offline { get; init; } = "wait";

    public string? QueueKey { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public string? ConcurrencyKey { get; init; }

    public int? ConcurrencyLimit { get; init; }

    public string? SequenceKey { get; init; }

    public string? FairnessKey { get; init; }

    /// <summary>At most rate_limit jobs of this key start within any rate_seconds (default 1).</summary>
    public string? RateKey { get; init; }

    public int? RateLimit { get; init; }

    public int? RateSeconds { get; init; }
}

/// <summary>
/// Either <see cref="Program"/> with <see cref="Args"/>, or <see cref="Script"/> with <see cref="Shell"/>.
/// </summary>
internal sealed class CommandRequest
{
    public string? Program { get; init; }

    public List<string?>? Args { get; init; }

    public string? Script { get; init; }

    public string? Shell { get; init; }

    public Dictionary<string, string?>? Env { get; init; }

    public string? Cwd { get; init; }

    public string? Stdin { get; init; }
}

/// <summary>Where it may run; nothing means anywhere.</summary>
internal sealed class TargetRequest
{
    public string? Agent { get; init; }

    public Dictionary<string, string?>? Labels { get; init; }
}
