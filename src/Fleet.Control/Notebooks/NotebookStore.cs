using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Notebooks;

/// <summary>Notebooks, and who may see them. Names are a key's own.</summary>
internal sealed class NotebookStore(NpgsqlDataSource database)
{
    private const string Select =
        $"""
        select notebook.id, notebook.tenant, notebook.owner, notebook.owner_name, notebook.name, notebook.workspace, notebook.agent,
            notebook.work, notebook.token, notebook.created_at, notebook.removed_at, server.state, server.attempt,
            coalesce(server.progress_fraction, 0) >= 1, server.error_code, server.error_message, server.started_at
        from notebooks notebook left join {WorkTables.State} server on server.id = notebook.work
        """;

    /// <summary>Null where there is none.</summary>
    public async Task<Notebook?> Find(Guid id, CancellationToken stop) =>
        (await database.Query($"{Select} where notebook.id = $1", Read, stop, SqlValue.Of(id))).SingleOrDefault();

    /// <summary>By its id, or by the name that the caller gave it; null where there is none for this caller.</summary>
    /// <param name="called">What is in the trash is found by its id alone.</param>
    public async Task<Notebook?> Find(string called, Caller caller, CancellationToken stop)
    {
        if (WireId.TryParse(called, out var id) && await Find(id, stop) is { } byId)
            return byId.IsSeenBy(caller) ? byId : null;
        return (await Named(called, caller, stop)).FirstOrDefault(notebook => notebook.RemovedAt is null);
    }

    /// <summary>All of that name that are the caller's, those in the trash too; what was removed last comes first.</summary>
    public Task<List<Notebook>> Named(string name, Caller caller, CancellationToken stop) => database.Query(
        $"{Select} where notebook.owner = $1 and notebook.name = $2 order by notebook.removed_at desc, notebook.id desc limit 100",
        Read, stop, SqlValue.Of(caller.KeyId), SqlValue.Of(name));

    /// <summary>Latest first, from behind one.</summary>
    /// <param name="removed">Those in the trash, instead of the others.</param>
    public Task<List<Notebook>> List(Caller caller, bool removed, Guid? after, int most, CancellationToken stop) => database.Query(
        $"""
        {Select} where (notebook.owner = $1 or $2 and (notebook.tenant = $3 or $4)) and notebook.removed_at is not null = $5
        and ($6::uuid is null or notebook.id < $6) order by notebook.id desc limit $7
        """,
        Read, stop, SqlValue.Of(caller.KeyId), SqlValue.Of(caller.May(Scope.Admin)), SqlValue.Of(caller.Tenant),
        SqlValue.Of(caller.MaySeeAll), SqlValue.Of(removed), SqlValue.Maybe(after), SqlValue.Of(most));

    /// <summary>How many servers each agent has, or is to have.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Live(CancellationToken stop) => (await database.Query(
        $"""
        select notebook.agent, count(*) from notebooks notebook join {WorkTables.State} server on server.id = notebook.work
        where server.phase <> '{WorkStates.Ended}' group by 1
        """,
        row => (Agent: row.GetString(0), Count: row.GetInt64(1)), stop)).ToDictionary(one => one.Agent, one => one.Count);

    /// <summary>Within a unit; false when the name is taken.</summary>
    public static Task<bool> Add(UnitOfWork unit, Notebook made) => Change(
        unit,
        """
        insert into notebooks (id, tenant, owner, owner_name, name, workspace, agent, work, token, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing
        """,
        SqlValue.Of(made.Id), SqlValue.Of(made.Tenant), SqlValue.Of(made.Owner), SqlValue.Of(made.OwnerName), SqlValue.Of(made.Name),
        SqlValue.Of(made.Workspace), SqlValue.Of(made.Agent), SqlValue.Of(made.Work), SqlValue.Of(made.Token), SqlValue.Of(unit.Now));

    /// <summary>Within a unit: another start of it. False when somebody else was first, or it lies in the trash.</summary>
    /// <param name="token">Null leaves it as it is.</param>
    public static Task<bool> Restart(UnitOfWork unit, Notebook notebook, Guid work, byte[]? token) => Change(
        unit,
        "update notebooks set work = $3, token = coalesce($4, token) where id = $1 and work = $2 and removed_at is null",
        SqlValue.Of(notebook.Id), SqlValue.Of(notebook.Work), SqlValue.Of(work), SqlValue.Maybe(token));

    /// <summary>Within a unit: into the trash, or on in it; false when somebody started it anew meanwhile, or it is gone.</summary>
    public static Task<bool> Remove(UnitOfWork unit, Notebook notebook) => Change(
        unit,
        "update notebooks set removed_at = coalesce(removed_at, $3) where id = $1 and work = $2",
        SqlValue.Of(notebook.Id), SqlValue.Of(notebook.Work), SqlValue.Of(unit.Now));

    /// <summary>Within a unit: for ever; false when somebody started it anew meanwhile, or it is gone.</summary>
    public static Task<bool> Forget(UnitOfWork unit, Notebook notebook) => Change(
        unit,
        "delete from notebooks where id = $1 and work = $2",
        SqlValue.Of(notebook.Id), SqlValue.Of(notebook.Work));

    /// <summary>Within a unit: whether there is such a notebook, in the trash or not.</summary>
    public static async Task<bool> IsThere(UnitOfWork unit, Notebook notebook)
    {
        await using var look = unit.Db.CreateCommand(
            "select exists(select from notebooks where id = $1)", SqlValue.Of(notebook.Id));
        return await look.ExecuteScalarAsync() is true;
    }

    /// <summary>Out of the trash; false when another one has its name meanwhile, or it does not lie there.</summary>
    public async Task<bool> Restore(Notebook notebook, CancellationToken stop)
    {
        try
        {
            return await database.Execute(
                "update notebooks set removed_at = null where id = $1 and removed_at is not null", stop, SqlValue.Of(notebook.Id)) == 1;
        }
        catch (PostgresException taken) when (taken.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    private static async Task<bool> Change(UnitOfWork unit, string sql, params NpgsqlParameter[] values)
    {
        await using var change = unit.Db.CreateCommand(sql, values);
        return await change.ExecuteNonQueryAsync() == 1;
    }

    private static Notebook Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetGuid(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetGuid(7), row.GetFieldValue<byte[]>(8), row.GetFieldValue<DateTimeOffset>(9),
        row.IsDBNull(10) ? null : row.GetFieldValue<DateTimeOffset>(10), row.IsDBNull(11) ? null : row.GetString(11),
        row.IsDBNull(12) ? 0 : row.GetInt32(12), row.GetBoolean(13), row.IsDBNull(14) ? null : row.GetString(14),
        row.IsDBNull(15) ? null : row.GetString(15), row.IsDBNull(16) ? null : row.GetFieldValue<DateTimeOffset>(16));
}
