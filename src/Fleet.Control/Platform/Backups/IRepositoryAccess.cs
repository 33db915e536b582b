using Fleet.Contracts.Backups;

namespace Fleet.Control.Platform.Backups;

/// <summary>Opens repositories for agents, however these are reached.</summary>
internal interface IRepositoryAccess
{
    /// <summary>Null when the ticket opens nothing for this agent, or not any more.</summary>
    /// <param name="ticket">As <see cref="BackupSpec.Ticket"/> or <see cref="ReadSnapshot.Ticket"/> has it.</param>
    Task<RepositoryCredentials?> Open(string agent, string ticket, CancellationToken stop);
}
