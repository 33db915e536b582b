namespace Fleet.Client.Notebooks;

/// <summary>A Jupyter server on an agent, whose files stay there when it ends.</summary>
/// <param name="State"><c>starting running stopping stopped failed</c>.</param>
/// <param name="Url">Path of its server below the fleet's address: its token opens it, and the key that it belongs to.</param>
/// <param name="Workspace">The directory below its own in which it begins.</param>
/// <param name="JobId">The job that is its server.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="CreatedBy">The name of the key that it belongs to.</param>
/// <param name="RemovedAt">Since when it lies in the trash; null where it does not.</param>
/// <param name="Token">What opens it; shown once, where the fleet made it.</param>
public sealed record Notebook(
    string NotebookId,
    string Name,
    string State,
    string Url,
    string Workspace,
    string Agent,
    string JobId,
    NotebookError? Error,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? RemovedAt,
    string? Token = null)
{
    /// <summary>Whether its server is there, or is about to be.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsLive => State is "starting" or "running";
}

/// <summary>Why a notebook's server ended.</summary>
/// <param name="Code">Stable, for programs.</param>
public sealed record NotebookError(string Code, string Message);

/// <summary>A package that cells of a notebook may import.</summary>
public sealed record NotebookPackage(string Name, string Version);

/// <summary>A notebook to be made.</summary>
/// <param name="Workspace">The directory below its own in which it begins; null begins there.</param>
/// <param name="Token">What opens it, 12 to 200 visible characters; null has the fleet make one.</param>
/// <param name="Agent">Where it runs; null takes the agent with the fewest.</param>
public sealed record NotebookDraft(string Name, string? Workspace = null, string? Token = null, string? Agent = null);

/// <summary>Another start of a notebook.</summary>
/// <param name="Token">What opens it from now on; null leaves that as it is.</param>
public sealed record RestartDraft(string? Token = null);
