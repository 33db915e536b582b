using Fleet.Control.Platform.Persistence;
using Npgsql;

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
        batch.Add(
            $"""
            insert into outbox (id, destination, message_type, body, about, token, deliver_at, claimed_until, attempts)
            select id, destination, message_type, body::json, about, token, now() + delay,
                   case when delay > interval '0' then null else now() + interval '{ClaimSeconds} s' end, 0
            from unnest($1, $2, $3, $4, $5, $6, $7)
                as fresh(id, destination, message_type, body, about, token, delay)
            """,
            SqlValue.Column(rows.Select(row => row.Id)),
            SqlValue.Column(rows.Select(row => row.Destination)),
            SqlValue.Column(rows.Select(row => row.MessageType)),
            SqlValue.Column(rows.Select(row => row.Body)),
            SqlValue.Column(rows.Select(row => row.About)),
            SqlValue.Column(rows.Select(row => row.Token)),
            SqlValue.Column(rows.Select(row => row.Delay)));
    }

    public static void AddDeletes(NpgsqlBatch batch, IReadOnlyCollection<Guid> delivered, List<Guid> tokens)
    {
        if (delivered.Count > 0)
            batch.Add("delete from outbox where id = any($1)", SqlValue.Column(delivered));
        if (tokens.Count > 0)
            batch.Add("delete from outbox where token = any($1)", SqlValue.Column(tokens));
    }

    /// <summary>Takes what is due and nobody is delivering: what dead processes left, and timers.</summary>
    public static NpgsqlCommand TakeDue(NpgsqlDataSource database, int most) => database.CreateCommand(
        $"""
        update outbox set claimed_until = now() + interval '{ClaimSeconds} s'
        where id in (
            select id from outbox
            where deliver_at <= now() and (claimed_until is null or claimed_until < now())
            order by deliver_at limit $1 for update skip locked)
        returning id, destination, message_type, body, about, token, attempts
        """,
        SqlValue.Of(most));

    /// <summary>A delivery failed: its rows wait and say why.</summary>
    public static NpgsqlCommand Postpone(
        NpgsqlDataSource database, IEnumerable<Guid> ids, TimeSpan pause, string reason) => database.CreateCommand(
        """
        update outbox set attempts = attempts + 1, last_error = $3, claimed_until = null, deliver_at = now() + $2
        where id = any($1)
        """,
        SqlValue.Column(ids), SqlValue.Of(pause), SqlValue.Of(reason));

    /// <summary>Nobody will ever be there to be told.</summary>
    public static NpgsqlCommand DropAll(NpgsqlDataSource database, Uri destination) =>
        database.CreateCommand("delete from outbox where destination = $1", SqlValue.Of(destination.ToString()));
}
