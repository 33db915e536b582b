using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Datasets;

/// <summary>Datasets of tenants: where they are, and what they should be. Their bytes are elsewhere.</summary>
internal sealed class DatasetStore(NpgsqlDataSource database, DatabaseClock clock) : IDatasetCatalog
{
    private const string Columns =
        $"""
        id, name, url, sha256, size, description, created_at, created_by, (
            select count(*) from {WorkTables.Facts} run where run.kind = 'experiment' and run.tenant = datasets.tenant
            and run.spec::jsonb -> 'datasets' ? datasets.name)
        """;

    /// <summary>Null when the name is taken.</summary>
    public async Task<DatasetView?> Add(Registration wanted, Caller caller, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        return await Add(connection, wanted, caller, stop);
    }

    /// <summary>The same within the transaction that the connection is in.</summary>
    public async Task<DatasetView?> Add(NpgsqlConnection connection, Registration wanted, Caller caller, CancellationToken stop)
    {
        var made = new DatasetView(
            WireId.New(), wanted.Name, wanted.Url, wanted.Sha256?.ToLowerInvariant(), wanted.Size, wanted.Description, 0, clock.Now,
            caller.Name);
        await using var insert = connection.CreateCommand(
            """
            insert into datasets (id, tenant, name, url, sha256, size, description, created_at, created_by)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing
            """,
            SqlValue.Of(made.DatasetId), SqlValue.Of(caller.Tenant), SqlValue.Of(made.Name), SqlValue.Of(made.Url),
            SqlValue.Maybe(made.Sha256), SqlValue.Maybe(made.Size), SqlValue.Maybe(made.Description), SqlValue.Of(made.CreatedAt),
            SqlValue.Of(made.CreatedBy));
        return await insert.ExecuteNonQueryAsync(stop) == 1 ? made : null;
    }

    /// <summary>By name, from behind one; those whose name, URL or description holds the text.</summary>
    public Task<List<DatasetView>> List(Caller caller, string? text, string? after, int most, CancellationToken stop) => database.Query(
        $"""
        select {Columns} from datasets where tenant = $1 and name > $2
        and ($3::text is null or position(lower($3) in lower(name || ' ' || url || ' ' || coalesce(description, ''))) > 0)
        order by name limit $4
        """,
        Read, stop, SqlValue.Of(caller.Tenant), SqlValue.Of(after ?? ""), SqlValue.Maybe(text), SqlValue.Of(most));

    public async Task<DatasetView?> Find(Caller caller, string name, CancellationToken stop) => (await database.Query(
        $"select {Columns} from datasets where tenant = $1 and name = $2",
        Read, stop, SqlValue.Of(caller.Tenant), SqlValue.Of(name))).SingleOrDefault();

    public async Task<bool> Remove(Caller caller, string name, CancellationToken stop) => await database.Execute(
        "delete from datasets where tenant = $1 and name = $2", stop, SqlValue.Of(caller.Tenant), SqlValue.Of(name)) == 1;

    public async Task<IReadOnlyList<KnownDataset>> Find(string tenant, IReadOnlyCollection<string> names, CancellationToken stop) =>
        names.Count == 0 ? [] : await database.Query(
            "select name, url, sha256, size from datasets where tenant = $1 and name = any($2) order by name",
            row => new KnownDataset(
                row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3)),
            stop, SqlValue.Of(tenant), SqlValue.Column(names));

    private static DatasetView Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
        row.IsDBNull(4) ? null : row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetInt64(8),
        row.GetFieldValue<DateTimeOffset>(6), row.GetString(7));
}
