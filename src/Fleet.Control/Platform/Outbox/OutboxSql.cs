using Fleet.Control.Platform.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Outbox;

/// <summary>The outbox's statements. Due times are the database's: delays are added to its now.</summary>
internal static class OutboxSql
{
    /// <summary>How long the process that wrote or took a row has it for itself, in seconds.</summary>
    public const int ClaimSeconds = 30;

    public static void AddInserts(NpgsqlBatch batch, List<OutboxRow> rows)
    {
        if (rows.Count == 0)
            return;
        var insert = new NpgsqlBatchCommand(
            $"""
            insert into outbox (id, destination, message_type, body, about, token, deliver_at, claimed_until, attempts)
            select id, destination, message_type, body::json, about, token, now() + delay,
                   case when delay > interval '0' then null else now() + interval '{ClaimSeconds} s' end, 0
            from unnest($1, $2, $3, $4, $5, $6, $7)
                as fresh(id, destination, message_type, body, about, token, delay)
            """);
        insert.Parameters.AddRange((NpgsqlParameter[])[
            SqlArray.Of(NpgsqlDbType.Uuid, rows.Select(row => row.Id)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Destination)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.MessageType)),
            SqlArray.Of(NpgsqlDbType.Text, rows.Select(row => row.Body)),
            SqlArray.Of(NpgsqlDbType.Uuid, rows.Select(row => row.About)),
            SqlArray.Of(NpgsqlDbType.Uuid, rows.Select(row => row.Token)),
            SqlArray.Of(NpgsqlDbType.Interval, rows.Select(row => row.Delay)),
        ]);
        batch.BatchCommands.Add(insert);
    }

    public static void AddDeletes(NpgsqlBatch batch, IReadOnlyCollection<Guid> delivered, List<Guid> tokens)
    {
        if (delivered.Count > 0)
            batch.BatchCommands.Add(Delete("delete from outbox where id = any($1)", delivered));
        if (tokens.Count > 0)
            batch.BatchCommands.Add(Delete("delete from outbox where token = any($1)", tokens));
    }

    /// <summary>Takes what is due and nobody is delivering: what dead processes left, and timers.</summary>
    public static NpgsqlCommand TakeDue(NpgsqlDataSource database, int most)
    {
        var take = database.CreateCommand(
            $"""
            update outbox set claimed_until = now() + interval '{ClaimSeconds} s'
            where id in (
                select id from outbox
                where deliver_at <= now() and (claimed_until is null or claimed_until < now())
                order by deliver_at limit $1 for update skip locked)
            returning id, destination, message_type, body, about, token, attempts
            """);
        take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        return take;
    }

    /// <summary>A delivery failed: its rows wait and say why.</summary>
    public static NpgsqlCommand Postpone(
        NpgsqlDataSource database, IEnumerable<Guid> ids, TimeSpan pause, string reason)
    {
        var postpone = database.CreateCommand(
            """
            update outbox set attempts = attempts + 1, last_error = $3, claimed_until = null, deliver_at = now() + $2
            where id = any($1)
            """);
        postpone.Parameters.Add(SqlArray.Of(NpgsqlDbType.Uuid, ids));
        postpone.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = pause });
        postpone.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason });
        return postpone;
    }

    /// <summary>Nobody will ever be there to be told.</summary>
    public static NpgsqlCommand DropAll(NpgsqlDataSource database, Uri destination)
    {
        var drop = database.CreateCommand("delete from outbox where destination = $1");
        drop.Parameters.Add(new NpgsqlParameter<string> { TypedValue = destination.ToString() });
        return drop;
    }

    private static NpgsqlBatchCommand Delete(string sql, IReadOnlyCollection<Guid> ids)
    {
        var delete = new NpgsqlBatchCommand(sql);
        delete.Parameters.Add(SqlArray.Of(NpgsqlDbType.Uuid, ids));
        return delete;
    }
}
