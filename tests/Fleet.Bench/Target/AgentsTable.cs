using Npgsql;

namespace Fleet.Bench.Target;

/// <summary>Looks at Fleet's <c>agents</c> table, which tells whose beats are stored without asking the product.</summary>
internal sealed class AgentsTable(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(connectionString);

    /// <summary>By the database's clock.</summary>
    public async Task<DateTime> Now(CancellationToken stop)
    {
        await using var query = _database.CreateCommand("select now()");
        return (DateTime)(await query.ExecuteScalarAsync(stop))!;
    }

    /// <summary>How many of these have registered since then, and had a beat stored after that.</summary>
    public async Task<int> Online(IReadOnlyList<string> names, DateTime since, CancellationToken stop)
    {
        await using var query = _database.CreateCommand(
            "select count(*) from agents where name = any($1) and registered_at > $2 and beat_at > registered_at");
        query.Parameters.Add(new() { Value = names.ToArray() });
        query.Parameters.Add(new() { Value = since });
        return (int)(long)(await query.ExecuteScalarAsync(stop))!;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
