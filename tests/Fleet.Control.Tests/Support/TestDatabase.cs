using Npgsql;

namespace Fleet.Control.Tests.Support;

/// <summary>A database of its own on the server that <c>FLEET_TEST_POSTGRES</c> names; gone afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;
    private readonly string _name = $"fleet_test_{Guid.CreateVersion7():n}";

    private TestDatabase(string server) => _server = server;

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

    /// <param name="template">The database that it begins as a copy of; null for an empty one.</param>
    public static async Task<TestDatabase> Create(TestDatabase? template = null)
    {
        var server = Environment.GetEnvironmentVariable("FLEET_TEST_POSTGRES")
            ?? throw new InvalidOperationException("These tests need a PostgreSQL server: run ./compose/test.sh");
        var database = new TestDatabase(server);
        await database.OnServer($"CREATE DATABASE {database._name} TEMPLATE {template?._name ?? "template1"}");
        return database;
    }

    public async ValueTask DisposeAsync() => await OnServer($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private async Task OnServer(string sql)
    {
        var server = new NpgsqlConnectionStringBuilder(_server) { Database = "postgres", Pooling = false };
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
