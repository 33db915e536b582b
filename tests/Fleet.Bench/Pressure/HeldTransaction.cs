using Npgsql;

namespace Fleet.Bench.Pressure;

/// <summary>
/// A transaction that somebody forgot to end: as long as it is open, nothing that was deleted after its begin can be cleaned
/// up. Tables and their indexes are measured on the way.
/// </summary>
internal sealed class HeldTransaction(string connectionString) : IAsyncDisposable
{
    /// <summary>Tables through which each job goes; those that only grow are not among them.</summary>
    private static readonly string[] Moving = ["work_waiting", "work_in_hand", "outbox"];

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fleet-bench" });

    private NpgsqlConnection? _connection;

    public async Task Open(CancellationToken stop)
    {
        _connection = await _database.OpenConnectionAsync(stop);
        await Execute("begin isolation level repeatable read", stop);
        await Execute("select count(*) from work_in_hand", stop); // its view of the database begins with the first question
    }

    public async Task Close(CancellationToken stop)
    {
        await Execute("commit", stop);
        await _connection!.DisposeAsync();
        _connection = null;
    }

    /// <summary>Megabytes of tables and of indexes through which jobs move.</summary>
    public async Task AddSizes(Dictionary<string, double> figures, CancellationToken stop)
    {
        foreach (var table in Moving)
        {
            await using var size = _database.CreateCommand(
                $"select pg_table_size('{table}')::float8 / 1e6, pg_indexes_size('{table}')::float8 / 1e6");
            await using var row = await size.ExecuteReaderAsync(stop);
            await row.ReadAsync(stop);
            figures[$"{table}_mb"] = row.GetDouble(0);
            figures[$"{table}_indexes_mb"] = row.GetDouble(1);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task Execute(string sql, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(stop);
    }
}
