using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Lifecycles;

namespace Fleet.Control.Backups.Repositories;

/// <summary>Gives an agent what its ticket is for.</summary>
internal sealed class RepositoryAccess(
    RepositoryTickets tickets, RepositoryStore repositories, BackupFamily family, WorkStore work, DatabaseClock clock) : IRepositoryAccess
{
    public async Task<RepositoryCredentials?> Open(string agent, string ticket, CancellationToken stop) =>
        tickets.Read(ticket) is { } terms && terms.Agent == agent && await Holds(terms, stop)
            && await repositories.Find(terms.Repository, stop) is { } repository
            ? repositories.Open(repository).Of(terms.Admin)
            : null;

    private async Task<bool> Holds(TicketTerms terms, CancellationToken stop) => terms.Work is { } id
        ? await work.Find(family, id, stop) is { } row && row.IsHeld(terms.Attempt, terms.Agent) && WorkStates.IsInHand(row.State)
        : terms.Until > clock.Now;
}
