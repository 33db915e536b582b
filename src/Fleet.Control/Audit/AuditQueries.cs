using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Audit;

/// <summary>
/// Reads the audit by its ids, which are its time. One read looks at a bounded number of rows, however few of them are
/// wanted, and says how far it got.
/// </summary>
internal sealed class AuditQueries(NpgsqlDataSource database)
{
    private const int MostLookedAt = 20_000;

    /// <param name="after">Goes on behind this row; null at the beginning.</param>
    /// <param name="newestFirst">Or else the oldest.</param>
    public async Task<AuditPart> Read(
        AuditQuery query, Guid? after, bool newestFirst, int limit, CancellationToken stop)
    {
        var rows = await Rows(query, after, newestFirst, limit, stop);
        return rows.Count == limit
            ? new AuditPart(rows, rows[^1].Id)
            : new AuditPart(rows, await LastLookedAt(query, after, newestFirst, stop));
    }

    private async Task<List<AuditRow>> Rows(
        AuditQuery query, Guid? after, bool newestFirst, int limit, CancellationToken stop)
    {
        var read = new NpgsqlBatchCommand();
        var from = From(query, after, newestFirst, read);
        read.CommandText =
            $"""
            select {AuditSql.Columns} from (select {AuditSql.Columns} {from} limit {MostLookedAt}) looked_at
            where true{query.Sifting(read.Parameters)} limit {limit}
            """;
        await using var reader = await Run(read, stop);
        return await reader.ReadAll(Row, stop);
    }

    /// <summary>Null when there was nothing more to look at.</summary>
    private async Task<Guid?> LastLookedAt(AuditQuery query, Guid? after, bool newestFirst, CancellationToken stop)
    {
        var read = new NpgsqlBatchCommand();
        read.CommandText = $"select id {From(query, after, newestFirst, read)} offset {MostLookedAt - 1} limit 1";
        await using var reader = await Run(read, stop);
        return await reader.ReadAsync(stop) ? reader.GetGuid(0) : null;
    }

    private static string From(AuditQuery query, Guid? after, bool newestFirst, NpgsqlBatchCommand command)
    {
        var (first, last) = (query.Since is { } since ? AuditRow.FirstIdOf(since) : Guid.Empty, Guid.AllBitsSet);
        if (query.Until is { } until)
            last = AuditRow.FirstIdOf(until);
        var parameters = command.Parameters;
        parameters.Add(SqlValue.Of(first));
        parameters.Add(SqlValue.Of(last));
        var sql = "from audit where id >= $1 and id < $2";
        if (after is { } row)
        {
            parameters.Add(SqlValue.Of(row));
            sql += newestFirst ? " and id < $3" : " and id > $3";
        }

        return sql + query.Finding(parameters) + (newestFirst ? " order by id desc" : " order by id");
    }

    private async Task<NpgsqlDataReader> Run(NpgsqlBatchCommand command, CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.BatchCommands.Add(command);
        return await batch.Read(stop);
    }

    private static AuditRow Row(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetGuid(0),
        At = reader.GetFieldValue<DateTimeOffset>(1),
        Who = reader.GetString(2),
        KeyId = reader.IsDBNull(3) ? null : reader.GetGuid(3),
        Agent = Text(reader, 4),
        Tenant = Text(reader, 5),
        Action = reader.GetString(6),
        Objects = reader.GetFieldValue<string[]>(7),
        Method = reader.GetString(8),
        Route = Text(reader, 9),
        Path = reader.GetString(10),
        Address = reader.GetString(11),
        TraceId = Text(reader, 12),
        RequestId = Text(reader, 13),
        Status = reader.GetInt32(14),
        Code = Text(reader, 15),
        Count = reader.GetInt32(16),
    };

    private static string? Text(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);
}

/// <summary>What one read found.</summary>
/// <param name="Next">Where to go on; null at the end.</param>
internal sealed record AuditPart(IReadOnlyList<AuditRow> Rows, Guid? Next);
