namespace Fleet.Chaos.Load;

/// <summary>One job before it is submitted.</summary>
/// <param name="Number">Unique within the run.</param>
/// <param name="Steps">Lines it writes.</param>
/// <param name="StepSeconds">From one line to the next.</param>
/// <param name="IsWatched">Whether a watcher follows it from the beginning.</param>
/// <param name="CancelAfter">When its client cancels it.</param>
internal sealed record JobPlan(
    int Number,
    Behaviour Behaviour,
    int Steps,
    double StepSeconds,
    bool IsWatched = false,
    TimeSpan? CancelAfter = null)
{
    public const int MaxAttempts = 8;
    public const string ArtifactName = "proof.txt";

    public bool HasProcess => Behaviour != Behaviour.Noop;

    /// <summary>What it writes to standard output when it runs to its end; null when that is never said.</summary>
    public string? Output => Behaviour switch
    {
        Behaviour.Noop => "",
        Behaviour.Fails or Behaviour.TimesOut or Behaviour.Poison => null,
        _ => string.Concat(Enumerable.Range(1, Steps).Select(line => $"line {line}\n")),
    };

    public JobDraft Draft(string run, string effects) => new(
        Behaviour == Behaviour.Noop ? "noop" : "command",
        HasProcess
            ? new CommandDraft(Script: JobScripts.Of(this), Shell: "sh", Env: new() { ["EFFECTS"] = effects })
            : null,
        Labels: new() { ["run"] = run, ["number"] = $"{Number}", ["does"] = $"{Behaviour}" },
        MaxAttempts: Behaviour is Behaviour.Fails or Behaviour.TimesOut ? 2 : MaxAttempts,
        TimeoutS: Behaviour == Behaviour.TimesOut ? 1 : null);
}
