using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Platform.Changes;

/// <summary>The statements of table <c>changes</c>.</summary>
internal static class ChangeSql
{
    /// <summary>Changes of one page.</summary>
    public const int PageSize = 1000;

    /// <summary>
    /// Forgets what is older than a day, from the oldest on. The newest of these stays: whoever has come as far as that has
    /// missed nothing.
    /// </summary>
    public static readonly string Forget =
        $"""
        delete from changes where (xid, number) in (
            select xid, number from (
                select xid, number, lead(at) over (order by xid, number) as next_at
                from (select xid, number, at from changes order by xid, number limit {Removal.BatchedDelete.Size + 1}) oldest) old
            where next_at < now() - interval '1 day')
        """;

    /// <summary>Entries of the journal that change what lists show; the rest is for those who watch one piece of work.</summary>
    private static readonly string[] Told = ["state", "priority", "labels", "artifact"];

    private static readonly string Page =
        $"""
        select horizon, c.xid, c.number, c.tenant, c.owner, c.family, c.kind, c.about, c.seq, c.type, c.at,
            coalesce(c.data, told.data)::text
        from (select pg_snapshot_xmin(pg_current_snapshot()) as horizon) now
        left join (select * from changes where (xid, number) > ($1, $2) order by xid, number limit {PageSize}) c on true
        left join lateral (select data from journal where stream = c.about and seq = c.seq offset 0) told on true
        order by c.xid, c.number
        """;

    /// <summary>What a unit changes of work.</summary>
    public static void AddInserts(NpgsqlBatch batch, UnitOfWork unit)
    {
        var entries = unit.Entries.Where(entry => Told.Contains(entry.Type)).ToList();
        if (entries.Count == 0)
            return;
        var rows = unit.Added.Concat(unit.Changed).OfType<WorkRow>().ToDictionary(row => row.CorrelationId);
        var known = entries.Where(entry => rows.ContainsKey(entry.Stream)).ToList();
        batch.Add(
            """
            insert into changes (tenant, owner, family, kind, about, seq, type, at)
            select * from unnest($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            SqlValue.Column(known.Select(entry => rows[entry.Stream].Tenant)),
            SqlValue.Column(known.Select(entry => rows[entry.Stream].Owner)),
            SqlValue.Column(known.Select(entry => rows[entry.Stream].Family)),
            SqlValue.Column(known.Select(entry => rows[entry.Stream].Kind)),
            SqlValue.Column(known.Select(entry => entry.Stream)),
            SqlValue.Column(known.Select(entry => entry.Seq)),
            SqlValue.Column(known.Select(entry => entry.Type)),
            SqlValue.Column(known.Select(entry => entry.At.UtcDateTime)));
    }

    /// <summary>One change of something that is no work.</summary>
    public static void AddInsert(NpgsqlBatch batch, Change change) => batch.Add(
        """
        insert into changes (tenant, family, kind, about, type, at, data) values ($1, $2, $3, $4, $5, $6, $7::json)
        """,
        SqlValue.Of(change.Tenant), SqlValue.Of(change.Family), SqlValue.Of(change.Kind), SqlValue.Of(change.About),
        SqlValue.Of(change.Type), SqlValue.Of(change.At), SqlValue.Maybe(change.Data));

    /// <summary>The place behind which all lies that happens from now on, and perhaps a little before.</summary>
    public static async Task<ChangeId> Now(NpgsqlDataSource database, CancellationToken stop) =>
        new((ulong)(await database.Scalar("select pg_snapshot_xmin(pg_current_snapshot())", stop))!, 0);

    /// <summary>Whether nothing behind a place was forgotten, and the place is one of this database.</summary>
    public static async Task<bool> IsKept(NpgsqlDataSource database, ChangeId place, CancellationToken stop) =>
        (bool)(await database.Scalar(
            """
            select $1 <= pg_snapshot_xmax(pg_current_snapshot())
                and coalesce((select (xid, number) <= ($1, $2) from changes order by xid, number limit 1), true)
            """,
            stop, Transaction(place), SqlValue.Of(place.Number)))!;

    /// <summary>The next changes behind a place, as far as none before them can come any more.</summary>
    public static async Task<ChangePage> Read(NpgsqlDataSource database, ChangeId after, CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add(Page, Transaction(after), SqlValue.Of(after.Number));
        await using var reader = await batch.Read(stop);
        var changes = new List<Change>();
        var horizon = after;
        while (await reader.ReadAsync(stop))
        {
            var all = new ChangeId(reader.GetFieldValue<ulong>(0), 0);
            horizon = all > horizon ? all : horizon;
            if (reader.IsDBNull(1))
                break;
            var change = Of(reader);
            if (change.Id >= all)
                return new ChangePage(changes, horizon, OthersWait: true);
            changes.Add(change);
        }

        return new ChangePage(changes, changes.Count == PageSize ? changes[^1].Id : horizon, OthersWait: false);
    }

    private static Change Of(NpgsqlDataReader reader) => new(
        new ChangeId(reader.GetFieldValue<ulong>(1), reader.GetInt64(2)),
        reader.GetString(3),
        reader.IsDBNull(4) ? null : reader.GetGuid(4),
        reader.GetString(5),
        reader.GetString(6),
        reader.GetGuid(7),
        reader.IsDBNull(8) ? null : reader.GetInt64(8),
        reader.GetString(9),
        reader.GetFieldValue<DateTimeOffset>(10),
        reader.IsDBNull(11) ? null : reader.GetString(11));

    private static NpgsqlParameter Transaction(ChangeId place) => SqlValue.Of(NpgsqlDbType.Xid8, place.Transaction);
}
