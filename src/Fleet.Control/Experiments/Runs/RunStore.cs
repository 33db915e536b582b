using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Work;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Control.Experiments.Runs;

/// <summary>What is said of runs: why they were made, what came of them, and notes. A run of which nothing was said has no row.</summary>
internal sealed class RunStore(NpgsqlDataSource database) : IOwnedData
{
    private const string InsertNote = "insert into experiment_notes (run, id, author, note, at) values ($1, $2, $3, $4, $5)";

    /// <summary>Null where nobody said anything.</summary>
    public async Task<RunStory> Story(Guid run, CancellationToken stop)
    {
        var told = await database.Query(
            "select narrative, outcome, summary, outcome_by, outcome_at from experiment_runs where id = $1",
            row => new RunStory(
                Narrative.Read(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)),
            stop, SqlValue.Of(run));
        return told.Count > 0 ? told[0] : RunStory.Nothing;
    }

    /// <summary>Oldest first.</summary>
    public Task<List<RunNote>> Notes(Guid run, CancellationToken stop) => database.Query(
        "select id, author, note, at from experiment_notes where run = $1 order by id",
        row => new RunNote(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3)),
        stop, SqlValue.Of(run));

    /// <summary>Within the unit that accepts the run.</summary>
    public static Task AnnotateNew(UnitOfWork unit, Guid run, RunNote note) => unit.Db.Execute(
        InsertNote,
        SqlValue.Of(run), SqlValue.Of(note.NoteId), SqlValue.Of(note.Author), SqlValue.Of(note.Note), SqlValue.Of(note.At));

    /// <summary>Within the transaction that the connection is in; false when the run is gone.</summary>
    public static Task<bool> Annotate(NpgsqlConnection connection, Guid run, RunNote note, CancellationToken stop) => OfRun(
        connection,
        run,
        InsertNote,
        stop, SqlValue.Of(note.NoteId), SqlValue.Of(note.Author), SqlValue.Of(note.Note), SqlValue.Of(note.At));

    /// <summary>False when the run is gone.</summary>
    public async Task<bool> Annotate(Guid run, RunNote note, CancellationToken stop)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var isThere = await Annotate(connection, run, note, stop);
        await transaction.CommitAsync(stop);
        return isThere;
    }

    /// <summary>Fields of the patch take the place of those of the same name; null takes them away.</summary>
    public Task<bool> Narrate(Guid run, string patchJson, CancellationToken stop) => OfRun(
        run,
        """
        insert into experiment_runs as kept (id, narrative) values ($1, jsonb_strip_nulls($2))
        on conflict (id) do update set narrative = jsonb_strip_nulls(kept.narrative || $2)
        """,
        stop, SqlValue.Of(NpgsqlDbType.Jsonb, patchJson));

    public Task<bool> Conclude(Guid run, string outcome, string? summary, Caller by, DateTimeOffset at, CancellationToken stop) => OfRun(
        run,
        """
        insert into experiment_runs (id, outcome, summary, outcome_by, outcome_at) values ($1, $2, $3, $4, $5)
        on conflict (id) do update set outcome = $2, summary = $3, outcome_by = $4, outcome_at = $5
        """,
        stop, SqlValue.Of(outcome), SqlValue.Maybe(summary), SqlValue.Of(by.Name), SqlValue.Of(at));

    /// <summary>Latest first.</summary>
    public Task<List<(Guid Id, string State)>> OfCommit(string tenant, string commit, CancellationToken stop) => database.Query(
        $"""
        select id, state from {WorkTables.Rows} where kind = 'experiment' and tenant = $1 and spec ->> 'commit' = $2 order by id desc
        """,
        row => (row.GetGuid(0), row.GetString(1)), stop, SqlValue.Of(tenant), SqlValue.Of(commit));

    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        const int atOnce = 200;
        var points = await database.Execute(
            $"delete from experiment_points where ctid = any(array(select ctid from experiment_points where run = any($1) limit {atOnce}))",
            stop, SqlValue.Of(owners));
        if (points == atOnce)
            return true;
        await using var batch = database.CreateBatch();
        foreach (var table in (string[])["experiment_series", "experiment_batches", "experiment_notes"])
            batch.Add($"delete from {table} where run = any($1)", SqlValue.Of(owners));
        batch.Add("delete from experiment_runs where id = any($1)", SqlValue.Of(owners));
        await batch.ExecuteNonQueryAsync(stop);
        return false;
    }

    /// <summary>As long as the run is there: what is said of one that goes at the same moment goes with it.</summary>
    private async Task<bool> OfRun(Guid run, string sql, CancellationToken stop, params NpgsqlParameter[] values)
    {
        await using var connection = await database.OpenConnectionAsync(stop);
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var isThere = await OfRun(connection, run, sql, stop, values);
        await transaction.CommitAsync(stop);
        return isThere;
    }

    private static async Task<bool> OfRun(
        NpgsqlConnection connection, Guid run, string sql, CancellationToken stop, params NpgsqlParameter[] values)
    {
        await using (var there = connection.CreateCommand(
            $"select id from {WorkTables.Facts} where id = $1 for key share", SqlValue.Of(run)))
        {
            if (await there.ExecuteScalarAsync(stop) is null)
                return false;
        }

        await using (var change = connection.CreateCommand(sql, [SqlValue.Of(run), .. values]))
            await change.ExecuteNonQueryAsync(stop);
        return true;
    }
}
