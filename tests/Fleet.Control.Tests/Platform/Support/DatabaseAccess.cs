using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Questions to a test's database past the product, and the power to take the database away.</summary>
internal static class DatabaseAccess
{
    public static async Task<T> Ask<T>(this DatabaseFixture house, string sql, params object[] values)
    {
        await using var connection = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return await command.ExecuteScalarAsync() is T found ? found : default!;
    }

    public static async Task Do(this DatabaseFixture house, string sql, params object[] values) =>
        await house.Ask<object?>(sql + "; select 1", values);

    /// <summary>Ends every connection and refuses new ones, as a server does that is going down.</summary>
    public static Task TakeDatabaseAway(this DatabaseFixture house) => OnServer(house, name =>
        $"alter database {name} allow_connections false; {EndConnections(name)}");

    public static Task GiveDatabaseBack(this DatabaseFixture house) => OnServer(house, name =>
        $"alter database {name} allow_connections true");

    /// <summary>As a restart does to whoever is connected.</summary>
    public static Task EndConnections(this DatabaseFixture house) => OnServer(house, EndConnections);

    /// <summary>First those that wait for a lock, so that none of them gets it from another that is ended.</summary>
    private static string EndConnections(string name) =>
        $"""
        select pg_terminate_backend(pid) from (
            select pid from pg_stat_activity where datname = '{name}' order by wait_event_type is distinct from 'Lock') connected
        """;

    private static async Task OnServer(DatabaseFixture house, Func<string, string> sql)
    {
        var server = new NpgsqlConnectionStringBuilder(house.ConnectionString) { Pooling = false };
        var name = server.Database!;
        server.Database = "postgres";
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql(name), connection);
        await command.ExecuteNonQueryAsync();
    }
}
