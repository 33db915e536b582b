using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Work.Attempts;

/// <summary>Who may see the artifacts of work, and which attempt may still add some: each is an entry of its journal.</summary>
internal sealed class AttemptArtifacts(WorkStore work, WorkKinds kinds, GroupCommit commits) : IArtifactOwner
{
    public async Task<ArtifactOwner?> Find(Guid ownerId, CancellationToken stop) =>
        await work.Find(ownerId, stop) is { } row
            ? new ArtifactOwner(row.Tenant, row.Family, row.Kind, WorkLinks.Artifacts(row), row.Owner)
            : null;

    public async Task<bool> Expects(Guid ownerId, int attempt, string agent, CancellationToken stop) =>
        IsInHand(await work.Find(ownerId, stop), attempt, agent);

    public async Task<ArtifactVerdict> Accept(string agent, ArtifactStored stored, CancellationToken stop)
    {
        var verdict = ArtifactVerdict.Stale;
        var row = kinds.RowOf(stored.Kind, stored.WorkId);
        await commits.Run([row], async unit =>
        {
            verdict = ArtifactVerdict.Stale;
            if (!IsInHand((WorkRow?)await unit.Find(row), stored.Attempt, agent))
                return;
            verdict = ArtifactVerdict.Accepted;
            var connection = (NpgsqlConnection)unit.Db.Database.GetDbConnection();
            if (await ArtifactCompletion.Run(connection, stored, unit.Now, stop))
                await unit.Raise(stored);
        }, stop: stop);
        return verdict;
    }

    private static bool IsInHand(WorkRow? work, int attempt, string agent) =>
        work is not null && work.IsHeld(attempt, agent) && WorkStates.IsInHand(work.State);
}
