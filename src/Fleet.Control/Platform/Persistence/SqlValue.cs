using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Parameters of statements, typed by their values, and the statements that take them.</summary>
internal static class SqlValue
{
    public static NpgsqlParameter Of<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>A time, as the driver wants it.</summary>
    public static NpgsqlParameter Of(DateTimeOffset at) => new NpgsqlParameter<DateTime> { TypedValue = at.UtcDateTime };

    /// <summary>A value that may be null.</summary>
    public static NpgsqlParameter Maybe<T>(T? value) => new NpgsqlParameter<T?> { TypedValue = value };

    /// <summary>A value whose type is not its own, as with JSON, or not known before it runs.</summary>
    public static NpgsqlParameter Of(NpgsqlDbType type, object? value) =>
        new() { NpgsqlDbType = type, Value = value ?? DBNull.Value };

    /// <summary>A column of values, for statements over many rows at once.</summary>
    public static NpgsqlParameter Column<T>(IEnumerable<T> values) => new NpgsqlParameter<T[]> { TypedValue = [.. values] };

    public static void Add(this NpgsqlBatch batch, string sql, params NpgsqlParameter[] parameters) =>
        batch.BatchCommands.Add(BatchCommand(sql, parameters));

    public static NpgsqlBatchCommand BatchCommand(string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlCommand CreateCommand(this NpgsqlDataSource database, string sql, params NpgsqlParameter[] parameters)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlCommand CreateCommand(this NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    /// <summary>Within the transaction that the context is in.</summary>
    public static NpgsqlCommand CreateCommand(this DbContext db, string sql, params NpgsqlParameter[] parameters) =>
        ((NpgsqlConnection)db.Database.GetDbConnection()).CreateCommand(sql, parameters);

    /// <summary>Within the transaction that the context is in.</summary>
    public static async Task Execute(this DbContext db, string sql, params NpgsqlParameter[] parameters)
    {
        await using var command = db.CreateCommand(sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>As a transaction of its own.</summary>
    /// <returns>How many rows it affected.</returns>
    public static async Task<int> Execute(
        this NpgsqlDataSource database, string sql, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql, parameters);
        return await command.ExecuteNonQueryAsync(stop);
    }

    /// <returns>The first column of the first row; null where there is no row, or it is null.</returns>
    public static async Task<object?> Scalar(
        this NpgsqlDataSource database, string sql, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql, parameters);
        return await command.ExecuteScalarAsync(stop) is var found and not DBNull ? found : null;
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
