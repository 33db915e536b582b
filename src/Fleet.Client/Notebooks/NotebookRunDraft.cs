using Fleet.Client.Experiments;

namespace Fleet.Client.Notebooks;

/// <summary>A run of the files of a notebook's workspace.</summary>
/// <param name="Name">What the run is called; null calls it as the notebook.</param>
/// <param name="Priority">0 (last) to 9 (first).</param>
/// <param name="Args">Added behind those of the workspace's entry.</param>
/// <param name="Datasets">Names of registered datasets.</param>
public sealed record NotebookRunDraft(
    string? Name = null,
    int? Priority = null,
    IReadOnlyList<string>? Args = null,
    IReadOnlyDictionary<string, string>? Env = null,
    IReadOnlyList<string>? Datasets = null,
    RunResources? Resources = null);
