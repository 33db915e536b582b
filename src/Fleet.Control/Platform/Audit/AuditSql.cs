using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Audit;

/// <summary>The statement that writes rows of the audit, however many.</summary>
internal static class AuditSql
{
    public const string Columns =
        "id, at, who, key_id, agent, tenant, action, objects, method, route, path, address, trace_id, request_id, status, code, count";

    /// <summary>Arrays of arrays are no SQL: objects travel as one text, with a separator that no object holds.</summary>
    private const char Separator = '\n';

    private const string Insert =
        $"""
        insert into audit ({Columns})
        select id, at, who, key_id, agent, tenant, action, coalesce(string_to_array(nullif(objects, ''), e'\n'), array[]::text[]),
               method, route, path, address, trace_id, request_id, status, code, count
        from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) as fresh({Columns})
        """;

    public static void AddInserts(NpgsqlBatch batch, List<AuditRow> rows)
    {
        if (rows.Count == 0)
            return;
        var insert = new NpgsqlBatchCommand(Insert);
        insert.Parameters.AddRange((NpgsqlParameter[])[
            SqlArray.Of(NpgsqlDbType.Uuid, rows.Select(row => row.Id)),
            SqlArray.Of(NpgsqlDbType.TimestampTz, rows.Select(row => row.At.UtcDateTime)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Who)),
            SqlArray.Of(NpgsqlDbType.Uuid, rows.Select(row => row.KeyId)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Agent)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Tenant)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Action)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => string.Join(Separator, row.Objects))),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Method)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Route)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Path)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Address)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.TraceId)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.RequestId)),
            SqlArray.Of(NpgsqlDbType.Integer, rows.Select(row => row.Status)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Code)),
            SqlArray.Of(NpgsqlDbType.Integer, rows.Select(row => row.Count)),
        ]);
        batch.BatchCommands.Add(insert);
    }
}
