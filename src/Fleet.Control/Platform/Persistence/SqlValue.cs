using Npgsql;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Parameters of statements, typed by their values, and what statements are put together of.</summary>
internal static class SqlValue
{
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A time, as the driver wants it.</summary>
    public static NpgsqlParameter Of(DateTimeOffset at) => new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime };

    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }

    public static NpgsqlCommand CreateCommand(this NpgsqlDataSource database, string sql, params NpgsqlParameter[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <returns>How many rows it affected.</returns>
    public static async Task<int> Execute(
        this NpgsqlDataSource database, string sql, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql, parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    public static async Task<List<T>> Query<T>(
        this NpgsqlDataSource database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop,
        params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(stop);
        return await reader.ReadAll(read, stop);
    }

    public static async Task<List<T>> ReadAll<T>(
        this NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
            rows.Add(read(reader));
        return rows;
    }
}
