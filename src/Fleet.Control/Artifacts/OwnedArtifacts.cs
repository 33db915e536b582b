using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Artifacts;

/// <summary>Artifacts go with the work that left them. Uploads that are not complete are the janitor's.</summary>
internal sealed class OwnedArtifacts(NpgsqlDataSource database) : IOwnedData
{
    /// <summary>Chunks of half a megabyte.</summary>
    private const int AtOnce = 32;

    private static readonly string EraseChunks =
        $"""
        delete from artifact_chunks where ctid = any(array(
            select chunk.ctid from artifacts cross join lateral (
                select ctid from artifact_chunks where artifact_id = artifacts.id order by number desc limit {AtOnce}) chunk
            where owner_id = any($1) and complete limit {AtOnce}))
        """;

    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        if (await database.Execute(EraseChunks, stop, SqlValue.Of(owners)) == AtOnce)
            return true;
        await database.Execute("delete from artifacts where owner_id = any($1) and complete", stop, SqlValue.Of(owners));
        return false;
    }
}
