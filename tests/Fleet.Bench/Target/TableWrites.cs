using Npgsql;

namespace Fleet.Bench.Target;

/// <summary>What the database counts of the tables through which work moves.</summary>
internal sealed class TableWrites(string connectionString) : IAsyncDisposable
{
    /// <summary>In the order in which work goes through them.</summary>
    public static readonly string[] Hot = ["work_waiting", "work_in_hand", "work_ended"];

    /// <summary>A connection that rests tells after ten seconds what it wrote last.</summary>
    private static readonly TimeSpan UntilTold = TimeSpan.FromSeconds(12);

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fleet-bench" });

    public async Task<Dictionary<string, WriteCounts>> Now(CancellationToken stop)
    {
        await using var query = _database.CreateCommand(
            """
            select relname::text, n_tup_ins, n_tup_del, n_tup_upd, n_tup_hot_upd from pg_stat_user_tables
            where relname = any($1)
            """);
        query.Parameters.Add(new() { Value = Hot });
        await using var rows = await query.ExecuteReaderAsync(stop);
        var counts = new Dictionary<string, WriteCounts>();
        while (await rows.ReadAsync(stop))
            counts[rows.GetString(0)] = new(rows.GetInt64(1), rows.GetInt64(2), rows.GetInt64(3), rows.GetInt64(4));
        return counts;
    }

    /// <summary>When nothing is written any more, and all is counted.</summary>
    public async Task<Dictionary<string, WriteCounts>> AtRest(CancellationToken stop)
    {
        await Task.Delay(UntilTold, stop);
        return await Now(stop);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}

/// <summary>Rows of one table since its statistics began.</summary>
/// <param name="InPlace">Updates that changed no index, of all updates (HOT).</param>
internal sealed record WriteCounts(long Inserted, long Deleted, long Updated, long InPlace)
{
    public Dictionary<string, double> Since(WriteCounts before)
    {
        var updated = Updated - before.Updated;
        var figures = new Dictionary<string, double>
        {
            ["inserted"] = Inserted - before.Inserted,
            ["deleted"] = Deleted - before.Deleted,
            ["updated"] = updated,
            ["updated_in_place"] = InPlace - before.InPlace,
        };
        if (updated > 0)
            figures["updated_in_place_percent"] = 100.0 * (InPlace - before.InPlace) / updated;
        return figures;
    }
}
