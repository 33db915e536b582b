using System.Linq.Expressions;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>Reads which artifacts there are. Only complete ones are found.</summary>
internal sealed class ArtifactQueries(IDbContextFactory<FleetDbContext> contexts)
{
    private static readonly Expression<Func<Artifact, ArtifactEntry>> ToEntry = artifact => new ArtifactEntry(
        artifact.Id, artifact.OwnerId, artifact.Name, artifact.Size, artifact.ContentType, artifact.Sha256!,
        artifact.ChunkSize);

    /// <summary>The artifacts of several owners in one query, by name.</summary>
    public async Task<ILookup<Guid, ArtifactEntry>> List(IReadOnlyCollection<Guid> ownerIds, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var entries = await db.Set<Artifact>()
            .Where(artifact => artifact.Complete && ownerIds.Contains(artifact.OwnerId))
            .OrderBy(artifact => artifact.Name)
            .Select(ToEntry)
            .ToListAsync(stop);
        return entries.ToLookup(entry => entry.OwnerId);
    }

    public async Task<ArtifactEntry?> Find(Guid ownerId, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Artifact>()
            .Where(artifact => artifact.Complete && artifact.OwnerId == ownerId && artifact.Name == name)
            .Select(ToEntry)
            .FirstOrDefaultAsync(stop);
    }
}
