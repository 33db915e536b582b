using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// Questions that must be answered from indexes alone. Their plans are made while the table is small, when reading all of it
/// looks cheaper, and would live on when it has grown.
/// </summary>
internal static class IndexedBatch
{
    /// <summary>Holds for the batch, which is one transaction. Its own result is to be skipped.</summary>
    private const string Insist =
        """
        select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
               set_config('enable_sort', 'off', true)
        """;

    public static NpgsqlBatch CreateIndexBatch(this NpgsqlDataSource database)
    {
        var batch = database.CreateBatch();
        batch.Add(Insist);
        return batch;
    }

    /// <summary>At the first of the results asked for.</summary>
    public static async Task<NpgsqlDataReader> Read(this NpgsqlBatch batch, CancellationToken stop)
    {
        var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        return reader;
    }
}
