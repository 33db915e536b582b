using System.Data;
using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Artifacts;

/// <summary>
/// The bytes of artifacts in the database. Every call is a short transaction of its own, so a slow client holds no
/// connection; and all transfers together use a few connections only, so the rest of the process always has some.
/// </summary>
internal sealed class ArtifactStore(NpgsqlDataSource database, ArtifactSettings settings, TimeProvider clock) : IDisposable
{
    private const int ErasedAtOnce = 64;
    private readonly SemaphoreSlim _room = new(settings.MaxConnections);

    /// <summary>False when the owner has as many artifacts as it may.</summary>
    public Task<bool> Begin(ArtifactUpload upload, CancellationToken stop) => Use(async connection => await Run(
        connection,
        """
        INSERT INTO artifacts
            (id, owner_id, attempt, name, size, content_type, created_at, touched_at, complete, chunk_size)
        SELECT $1, $2, $3, $4, 0, $5, $6, $6, false, $7
        WHERE (SELECT count(*) FROM artifacts WHERE owner_id = $2 AND complete AND name <> $4) < $8
        """,
        stop,
        SqlValue.Of(upload.ArtifactId), SqlValue.Of(upload.OwnerId), SqlValue.Of(upload.Attempt), SqlValue.Of(upload.Name),
        SqlValue.Of(upload.ContentType), SqlValue.Of(clock.GetUtcNow()), SqlValue.Of(settings.ChunkBytes),
        SqlValue.Of(settings.MaxPerOwner)) == 1, stop);

    public Task Append(Guid artifactId, int number, ReadOnlyMemory<byte> bytes, CancellationToken stop) =>
        Use(connection => Run(
            connection,
            "INSERT INTO artifact_chunks (artifact_id, number, bytes) VALUES ($1, $2, $3)",
            stop,
            SqlValue.Of(artifactId), SqlValue.Of(number), SqlValue.Of(bytes)), stop);

    /// <summary>Tells the janitor that the upload is alive.</summary>
    public Task Touch(Guid artifactId, CancellationToken stop) => Use(connection => Run(
        connection,
        "UPDATE artifacts SET touched_at = $2 WHERE id = $1",
        stop,
        SqlValue.Of(artifactId), SqlValue.Of(clock.GetUtcNow())), stop);

    /// <returns>False when a later artifact has the name already.</returns>
    public Task<bool> Complete(ArtifactStored stored, CancellationToken stop) => Use(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var complete = await ArtifactCompletion.Run(connection, stored, clock.GetUtcNow(), stop);
        await transaction.CommitAsync(stop);
        return complete;
    }, stop);

    /// <summary>Reads one chunk into a buffer that holds it.</summary>
    /// <returns>Its length.</returns>
    public Task<int> Read(Guid artifactId, int number, Memory<byte> buffer, CancellationToken stop) =>
        Use(async connection =>
        {
            await using var query = connection.CreateCommand(
                "SELECT octet_length(bytes), bytes FROM artifact_chunks WHERE artifact_id = $1 AND number = $2",
                SqlValue.Of(artifactId), SqlValue.Of(number));
            await using var row = await query.ExecuteReaderAsync(CommandBehavior.SequentialAccess, stop);
            if (!await row.ReadAsync(stop))
                throw new IOException("The artifact was replaced while it was read.");
            var length = row.GetInt32(0);
            await using var bytes = await row.GetStreamAsync(1, stop);
            await bytes.ReadExactlyAsync(buffer[..length], stop);
            return length;
        }, stop);

    /// <summary>Deletes an incomplete artifact, a few chunks a transaction.</summary>
    public async Task Erase(Guid artifactId, CancellationToken stop)
    {
        while (await Use(connection => EraseSome(connection, artifactId, stop), stop) > 0)
        {
        }

        await Use(connection => Run(
            connection, "DELETE FROM artifacts WHERE id = $1 AND NOT complete", stop, SqlValue.Of(artifactId)), stop);
    }

    public Task<List<Guid>> FindAbandoned(int limit, CancellationToken stop) => Use(async connection =>
    {
        await using var query = connection.CreateCommand(
            "SELECT id FROM artifacts WHERE NOT complete AND touched_at < $1 ORDER BY touched_at LIMIT $2",
            SqlValue.Of(clock.GetUtcNow().AddMinutes(-settings.AbandonedMinutes)), SqlValue.Of(limit));
        await using var rows = await query.ExecuteReaderAsync(stop);
        return await rows.ReadAll(row => row.GetGuid(0), stop);
    }, stop);

    public void Dispose() => _room.Dispose();

    private static Task<int> EraseSome(NpgsqlConnection connection, Guid artifactId, CancellationToken stop) => Run(
        connection,
        """
        DELETE FROM artifact_chunks WHERE artifact_id = $1 AND number IN (
            SELECT number FROM artifact_chunks
            WHERE artifact_id = $1 AND EXISTS (SELECT FROM artifacts WHERE id = $1 AND NOT complete)
            ORDER BY number LIMIT $2)
        """,
        stop, SqlValue.Of(artifactId), SqlValue.Of(ErasedAtOnce));

    private async Task<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken stop)
    {
        await _room.WaitAsync(stop);
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            return await work(connection);
        }
        finally
        {
            _room.Release();
        }
    }

    private static async Task<int> Run(
        NpgsqlConnection connection, string sql, CancellationToken stop, params NpgsqlParameter[] values)
    {
        await using var command = connection.CreateCommand(sql, values);
        return await command.ExecuteNonQueryAsync(stop);
    }
}
