using Fleet.Control.Platform.Persistence;
using Npgsql;

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
        batch.Add(
            Insert,
            SqlValue.Column(rows.Select(row => row.Id)),
            SqlValue.Column(rows.Select(row => row.At.UtcDateTime)),
            SqlValue.Column(rows.Select(row => row.Who)),
            SqlValue.Column(rows.Select(row => row.KeyId)),
            SqlValue.Column(rows.Select(row => row.Agent)),
            SqlValue.Column(rows.Select(row => row.Tenant)),
            SqlValue.Column(rows.Select(row => row.Action)),
            SqlValue.Column(rows.Select(row => string.Join(Separator, row.Objects))),
            SqlValue.Column(rows.Select(row => row.Method)),
            SqlValue.Column(rows.Select(row => row.Route)),
            SqlValue.Column(rows.Select(row => row.Path)),
            SqlValue.Column(rows.Select(row => row.Address)),
            SqlValue.Column(rows.Select(row => row.TraceId)),
            SqlValue.Column(rows.Select(row => row.RequestId)),
            SqlValue.Column(rows.Select(row => row.Status)),
            SqlValue.Column(rows.Select(row => row.Code)),
            SqlValue.Column(rows.Select(row => row.Count)));
    }
}
