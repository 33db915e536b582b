namespace Fleet.Contracts.Notebooks;

/// <summary>A notebook's server on an agent, or the end of what it kept there.</summary>
/// <param name="Notebook">Whose files are used: the same notebook finds them again, as long as it is on the same agent.</param>
/// <param name="Workspace">Where it begins, below the notebook's own directory; empty means there.</param>
/// <param name="BasePath">The path of all its URLs, with a slash at both ends.</param>
/// <param name="Purge">Nothing is started: the notebook's files are removed.</param>
public sealed record NotebookSpec(Guid Notebook, string Workspace, string BasePath, bool Purge = false)
{
    /// <summary>Of such work, and what an agent has slots of.</summary>
    public const string Kind = "notebook";
}
