using System.Collections.Concurrent;
using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Tests.Support;

/// <summary>Jobs as far as artifacts are concerned: whose they are, and which attempt is in whose hands.</summary>
internal sealed class TestOwner : IArtifactOwner
{
    private readonly ConcurrentDictionary<Guid, (string Tenant, int Attempt, string Agent)> _jobs = new();

    public ConcurrentQueue<ArtifactStored> Accepted { get; } = new();

    public Guid AddJob(string tenant = "default", int attempt = 1, string agent = "worker-1")
    {
        var id = WireId.New();
        Assign(id, tenant, attempt, agent);
        return id;
    }

    public void Assign(Guid id, string tenant, int attempt, string agent) => _jobs[id] = (tenant, attempt, agent);

    public Task<ArtifactOwner?> Find(Guid ownerId, CancellationToken stop) => Task.FromResult(
        _jobs.TryGetValue(ownerId, out var job)
            ? new ArtifactOwner(job.Tenant, "job", "command", $"/v1/jobs/{WireId.Format(ownerId)}/artifacts")
            : null);

    public Task<bool> Expects(Guid ownerId, int attempt, string agent, CancellationToken stop) =>
        Task.FromResult(_jobs.TryGetValue(ownerId, out var job) && job.Attempt == attempt && job.Agent == agent);

    public async Task<ArtifactVerdict> Accept(string agent, ArtifactStored stored, CancellationToken stop)
    {
        if (!await Expects(stored.WorkId, stored.Attempt, agent, stop))
            return ArtifactVerdict.Stale;
        Accepted.Enqueue(stored);
        return ArtifactVerdict.Accepted;
    }
}
