using Fleet.Contracts.Backups;

namespace Fleet.Control.Platform.Backups;

/// <summary>Takes in what agents say of repositories. What concerns none of the agent's repositories is refused.</summary>
internal interface IRepositoryInventory
{
    /// <summary>Replaces the snapshots that are known, of one host or of all.</summary>
    /// <param name="repository">Id of the repository on the wire.</param>
    /// <returns>False when the agent has nothing to do with the repository.</returns>
    Task<bool> Replace(string agent, string repository, SnapshotsReport report, CancellationToken stop);

    /// <summary>What is null in the patch keeps its value.</summary>
    /// <param name="repository">Id of the repository on the wire.</param>
    /// <returns>False when the agent has nothing to do with the repository.</returns>
    Task<bool> Apply(string agent, string repository, RepositoryStats patch, CancellationToken stop);
}
