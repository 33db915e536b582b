using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Nobody can write to a table until this is disposed: a commit takes as long as a test likes.</summary>
internal sealed class TableLock : IAsyncDisposable
{
    private readonly DatabaseFixture _house;
    private readonly NpgsqlConnection _connection;

    private TableLock(DatabaseFixture house, NpgsqlConnection connection) => (_house, _connection) = (house, connection);

    public static async Task<TableLock> On(DatabaseFixture house, string table)
    {
        var held = new TableLock(house, new NpgsqlConnection(house.ConnectionString + ";Pooling=false"));
        await held._connection.OpenAsync();
        await using var take = new NpgsqlCommand($"begin; lock table {table} in share mode", held._connection);
        await take.ExecuteNonQueryAsync();
        return held;
    }

    /// <summary>Returns when somebody waits for the table.</summary>
    public Task StandsInTheWay() => Eventually.True(
        async () => await _house.Ask<long>(
            """
            select count(*) from pg_locks join pg_database on pg_database.oid = database
            where not granted and relation is not null and datname = current_database()
            """) > 0,
        "somebody waits for the table");

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
