using Npgsql;

namespace Fleet.EndToEnd.Tests.Support;

/// <summary>The fleet's tables, for what the API does not show.</summary>
internal sealed class Database(string connection) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    /// <summary>The dead letters of one queue whose body holds a text: their reasons.</summary>
    public async Task<List<string>> DeadLetters(string endpoint, string marker)
    {
        await using var read = _source.CreateCommand(
            "select reason from dead_letters where endpoint = $1 and position($2::bytea in body) > 0");
        read.Parameters.Add(new NpgsqlParameter { Value = endpoint });
        read.Parameters.Add(new NpgsqlParameter { Value = System.Text.Encoding.UTF8.GetBytes(marker) });
        await using var reader = await read.ExecuteReaderAsync();
        var reasons = new List<string>();
        while (await reader.ReadAsync())
            reasons.Add(reader.GetString(0));
        return reasons;
    }

    public async Task<long> Count(string sql)
    {
        await using var count = _source.CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>Those that hold rows themselves, parts of others as well.</summary>
    public async Task<List<string>> Tables()
    {
        await using var read = _source.CreateCommand(
            "select format('%I', relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1");
        await using var reader = await read.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }

    public async Task Execute(string sql)
    {
        await using var change = _source.CreateCommand(sql);
        await change.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
