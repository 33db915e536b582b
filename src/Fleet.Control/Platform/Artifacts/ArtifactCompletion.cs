using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Platform.Artifacts;

/// <summary>
/// Makes an artifact visible in place of an earlier one of the same name. Running it twice is running it once. The one
/// that is replaced stays readable for those who are reading it, until the janitor comes.
/// </summary>
internal static class ArtifactCompletion
{
    /// <summary>Needs a transaction with the isolation level read committed.</summary>
    /// <returns>False when a later artifact has the name already, or the upload is gone.</returns>
    public static async Task<bool> Run(
        NpgsqlConnection connection, ArtifactStored stored, DateTimeOffset now, CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        // uploads of one name wait for each other here, in the same order everywhere
        batch.Add("SELECT id FROM artifacts WHERE owner_id = $1 AND name = $2 ORDER BY id FOR UPDATE",
            SqlValue.Of(stored.WorkId), SqlValue.Of(stored.Name));
        batch.Add(
            """
            UPDATE artifacts SET complete = false, touched_at = $5
            WHERE owner_id = $1 AND name = $2 AND complete AND (attempt, id) < ($3, $4)
            """,
            SqlValue.Of(stored.WorkId), SqlValue.Of(stored.Name), SqlValue.Of(stored.Attempt), SqlValue.Of(stored.ArtifactId),
            SqlValue.Of(now));
        batch.Add(
            """
            UPDATE artifacts SET complete = true, size = $4, sha256 = $5, touched_at = $6
            WHERE id = $3 AND NOT complete
            AND NOT EXISTS (SELECT FROM artifacts WHERE owner_id = $1 AND name = $2 AND complete)
            """,
            SqlValue.Of(stored.WorkId), SqlValue.Of(stored.Name), SqlValue.Of(stored.ArtifactId), SqlValue.Of(stored.Size),
            SqlValue.Of(stored.Sha256), SqlValue.Of(now));
        batch.Add("SELECT id FROM artifacts WHERE id = $1 AND complete", SqlValue.Of(stored.ArtifactId));

        await using var rows = await batch.ExecuteReaderAsync(stop);
        await rows.NextResultAsync(stop); // updates have no results: the next one is that of the last command
        return await rows.ReadAsync(stop);
    }
}
