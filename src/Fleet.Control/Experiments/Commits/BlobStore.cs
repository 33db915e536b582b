using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Experiments.Commits;

/// <summary>
/// The content of files, each once for all commits of a tenant that have it. Every call to the database is a short transaction of
/// its own, so a slow client holds no connection.
/// </summary>
internal sealed class BlobStore(NpgsqlDataSource database, ExperimentSettings settings)
{
    /// <summary>Stores what the stream holds, unless the tenant has it.</summary>
    public async Task<StoredContent> Store(string tenant, Stream content, CancellationToken stop)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(settings.ChunkBytes);
        try
        {
            return await Store(tenant, content, buffer.AsMemory(0, settings.ChunkBytes), stop);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The content in its chunks, as long as it is there.</summary>
    public async IAsyncEnumerable<byte[]> Read(
        string tenant, string sha256, [EnumeratorCancellation] CancellationToken stop)
    {
        if (await Find(tenant, sha256, stop) is not { } blob)
            yield break;
        for (var number = 0; await Chunk(blob, number, stop) is { } bytes; number++)
            yield return bytes;
    }

    /// <summary>Null when it is not there.</summary>
    public async Task<Guid?> Find(string tenant, string sha256, CancellationToken stop) => (Guid?)await database.Scalar(
        "select id from experiment_blobs where tenant = $1 and sha256 = $2", stop, SqlValue.Of(tenant), SqlValue.Of(sha256));

    /// <summary>Bytes of those contents that are there, by digest; they stay for as long as an upload may take.</summary>
    public async Task<Dictionary<string, long>> Sizes(string tenant, IReadOnlyCollection<string> digests, CancellationToken stop) =>
        (await database.Query(
            "update experiment_blobs set touched_at = now() where tenant = $1 and sha256 = any($2) returning sha256, size",
            row => (Sha256: row.GetString(0), Size: row.GetInt64(1)), stop, SqlValue.Of(tenant), SqlValue.Column(digests)))
        .ToDictionary(one => one.Sha256, one => one.Size);

    /// <summary>What no commit has and nobody works on: left by uploads that broke off.</summary>
    public Task Sweep(CancellationToken stop) => database.Execute(
        """
        delete from experiment_blobs where id in (
            select id from experiment_blobs blob where touched_at < now() - make_interval(mins => $1::int) and not exists (
                select from experiment_files where tenant = blob.tenant and sha256 = blob.sha256)
            order by touched_at limit 200)
        """,
        stop, SqlValue.Of((int)settings.AbandonedMinutes));

    private async Task<StoredContent> Store(string tenant, Stream content, Memory<byte> chunk, CancellationToken stop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, stop);
        hash.AppendData(chunk.Span[..length]);
        if (length < chunk.Length)
        {
            var small = new StoredContent(Convert.ToHexStringLower(hash.GetHashAndReset()), length);
            if (!await Touch(tenant, small.Sha256, stop))
                await Keep(tenant, small, await Begin(tenant, chunk[..length], stop), stop);
            return small;
        }

        var blob = await Begin(tenant, chunk, stop);
        var (size, number) = ((long)length, 1);
        while ((length = await content.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, stop)) > 0)
        {
            hash.AppendData(chunk.Span[..length]);
            await Append(blob, number++, chunk[..length], stop);
            size += length;
        }

        var large = new StoredContent(Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        await Keep(tenant, large, blob, stop);
        return large;
    }

    private async Task<Guid> Begin(string tenant, ReadOnlyMemory<byte> first, CancellationToken stop)
    {
        var blob = WireId.New();
        await database.Execute(
            "insert into experiment_blobs (id, tenant, size, touched_at) values ($1, $2, 0, now())",
            stop, SqlValue.Of(blob), SqlValue.Of(tenant));
        if (!first.IsEmpty)
            await Append(blob, 0, first, stop);
        return blob;
    }

    private Task<int> Append(Guid blob, int number, ReadOnlyMemory<byte> bytes, CancellationToken stop) => database.Execute(
        """
        with touched as (update experiment_blobs set touched_at = now() where id = $1)
        insert into experiment_chunks (blob, number, bytes) values ($1, $2, $3)
        """,
        stop, SqlValue.Of(blob), SqlValue.Of(number), SqlValue.Of(bytes));

    /// <summary>From here on it is known by its content; the same that came meanwhile is kept instead.</summary>
    private async Task Keep(string tenant, StoredContent content, Guid blob, CancellationToken stop)
    {
        try
        {
            await database.Execute(
                "update experiment_blobs set sha256 = $2, size = $3, touched_at = now() where id = $1",
                stop, SqlValue.Of(blob), SqlValue.Of(content.Sha256), SqlValue.Of(content.Size));
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            await Touch(tenant, content.Sha256, stop);
            await database.Execute("delete from experiment_blobs where id = $1", stop, SqlValue.Of(blob));
        }
    }

    private async Task<bool> Touch(string tenant, string sha256, CancellationToken stop) => await database.Execute(
        "update experiment_blobs set touched_at = now() where tenant = $1 and sha256 = $2",
        stop, SqlValue.Of(tenant), SqlValue.Of(sha256)) > 0;

    private async Task<byte[]?> Chunk(Guid blob, int number, CancellationToken stop) => (byte[]?)await database.Scalar(
        "select bytes from experiment_chunks where blob = $1 and number = $2", stop, SqlValue.Of(blob), SqlValue.Of(number));
}

/// <summary>Content that is stored.</summary>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Size">Bytes.</param>
internal sealed record StoredContent(string Sha256, long Size);
