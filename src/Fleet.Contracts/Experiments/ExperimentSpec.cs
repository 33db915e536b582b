namespace Fleet.Contracts.Experiments;

/// <summary>A run of a commit: the agent fetches its files, verifies them, and starts their entry.</summary>
/// <param name="Commit">40 hex digits, in lower case.</param>
/// <param name="Args">Added behind those of the commit's entry.</param>
/// <param name="Env">Takes the place of the commit's variables of the same names.</param>
/// <param name="Datasets">Names of datasets that are fetched and verified before it starts.</param>
/// <param name="User">Name of the key that submitted it.</param>
/// <param name="Snapshot">What a client calls the data that it was meant for.</param>
/// <param name="Tracking">What a client said about other trackers, as JSON.</param>
public sealed record ExperimentSpec(
    string Commit,
    IReadOnlyList<string>? Args = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyList<string>? Datasets = null,
    ExperimentResources? Resources = null,
    string? User = null,
    string? Snapshot = null,
    string? Tracking = null)
{
    /// <summary>Of work that is a run of a commit.</summary>
    public const string Kind = "experiment";
}

/// <summary>What a run may take of its host; null is as much as the host's settings say.</summary>
/// <param name="Cpu">Processors.</param>
/// <param name="Gpu">How many; agents that have them say so with a label.</param>
public sealed record ExperimentResources(double? Cpu = null, int? MemoryMb = null, int? Gpu = null);
