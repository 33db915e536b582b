namespace Fleet.Client.Work;

/// <summary>A job to be submitted. What is null has the fleet's default.</summary>
public sealed record JobDraft
{
    /// <summary><c>command</c>, <c>experiment</c> or <c>noop</c>.</summary>
    public required string Kind { get; init; }

    public CommandDraft? Command { get; init; }

    public Experiments.ExperimentDraft? Experiment { get; init; }

    public string? Name { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>0 (last) to 9 (first).</summary>
    public int? Priority { get; init; }

    public int? MaxAttempts { get; init; }

    /// <summary>Seconds that one attempt may take.</summary>
    public int? TimeoutS { get; init; }

    /// <summary>It expires if it has not started by then.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public JobTarget? Target { get; init; }
}

/// <summary>Either <see cref="Program"/> with <see cref="Args"/>, or <see cref="Script"/> with <see cref="Shell"/>.</summary>
public sealed record CommandDraft
{
    public string? Program { get; init; }

    public IReadOnlyList<string>? Args { get; init; }

    public string? Script { get; init; }

    public string? Shell { get; init; }

    public IReadOnlyDictionary<string, string>? Env { get; init; }

    public string? Cwd { get; init; }

    public string? Stdin { get; init; }
}
