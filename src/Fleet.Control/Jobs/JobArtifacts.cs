using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Jobs;

/// <summary>Jobs own artifacts: the attempt in hand may add them, and each is an entry of the job's journal.</summary>
internal sealed class JobArtifacts(JobShelf jobs, GroupCommit commits) : IArtifactOwner
{
    public async Task<string?> TenantOf(Guid ownerId, CancellationToken stop) => (await jobs.Find(ownerId, stop))?.Tenant;

    public async Task<bool> Expects(Guid ownerId, int attempt, string agent, CancellationToken stop) =>
        IsInHand(await jobs.Find(ownerId, stop), attempt, agent);

    public async Task<ArtifactVerdict> Accept(
        Guid ownerId, int attempt, string agent, ArtifactStored stored, CancellationToken stop)
    {
        var verdict = ArtifactVerdict.Stale;
        await commits.Run([Touch.Of<Job>(ownerId)], async unit =>
        {
            verdict = ArtifactVerdict.Stale;
            if (!IsInHand(await unit.Find<Job>(ownerId), attempt, agent))
                return;
            verdict = ArtifactVerdict.Accepted;
            var connection = (NpgsqlConnection)unit.Db.Database.GetDbConnection();
            if (await ArtifactCompletion.Run(connection, stored, unit.Now, stop))
                await unit.Raise(stored);
        });
        return verdict;
    }

    private static bool IsInHand(Job? job, int attempt, string agent) =>
        job is not null
        && job.Attempt == attempt
        && job.Agent == agent
        && job.State
            is nameof(JobLifecycle.Assigned) or nameof(JobLifecycle.Running) or nameof(JobLifecycle.Cancelling);
}
