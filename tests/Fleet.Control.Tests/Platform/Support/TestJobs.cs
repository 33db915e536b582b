using Fleet.Contracts.Attempts;
using Fleet.Contracts.Jobs;
using Fleet.Contracts.Work;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Jobs that cost nothing, and their way through a test.</summary>
internal static class TestJobs
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static SubmitWork Submission(
        Guid id,
        int maxAttempts = 1,
        int priority = 5,
        DateTimeOffset? expiresAt = null,
        string? agent = null,
        IReadOnlyDictionary<string, string>? labels = null,
        string? name = null) => new(
        id, JobKinds.Noop, SpecJson.Empty, "default", name, Nothing, priority, maxAttempts, TimeoutSeconds: null, expiresAt,
        new WorkTarget(agent, labels ?? Nothing));

    public static async Task<Guid> Submit(this TestControl control, int maxAttempts = 1, DateTimeOffset? expiresAt = null)
    {
        var id = Guid.CreateVersion7();
        await control.Submit(Submission(id, maxAttempts, expiresAt: expiresAt));
        return id;
    }

    public static Task Submit(this TestControl control, params SubmitWork[] jobs) => control.Commits.Run(
        [.. jobs.Select(job => RowRef.New<Job>(job.WorkId))],
        async unit =>
        {
            foreach (var job in jobs)
                await unit.Raise(job);
        },
        waitsForDatabase: true);

    /// <summary>As far as a running first attempt.</summary>
    public static async Task<Guid> Run(this TestControl control, int maxAttempts = 1)
    {
        var id = await control.Submit(maxAttempts);
        await control.Raise(id, new AssignWork(id, JobKinds.Noop, "worker-1", Guid.NewGuid()));
        await control.Raise(id, new AttemptStarted(id, JobKinds.Noop, 1, "worker-1"));
        return id;
    }

    public static async Task<Job> Job(this DatabaseFixture house, Guid id)
    {
        await using var connection = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await new WorkRowStore<Job>().Read(connection, [id], CancellationToken.None).SingleAsync();
    }

    public static async Task<List<Job>> JobsIn(this DatabaseFixture house, string state)
    {
        var ids = await house.Ask<Guid[]>(
            "select coalesce(array_agg(id), '{}') from work_state where state = $1 and phase = $2", state, WorkStates.PhaseOf(state));
        await using var connection = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return await new WorkRowStore<Job>().Read(connection, ids, CancellationToken.None).ToListAsync();
    }

    /// <summary>Rows as a commit would have left them.</summary>
    public static async Task Store(this DatabaseFixture house, params Job[] jobs)
    {
        await using var db = house.Db();
        var unit = new UnitOfWork(db, TestKinds.New(), DateTimeOffset.UnixEpoch);
        foreach (var job in jobs)
            unit.Add(job);
        await using var connection = new NpgsqlConnection(house.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var batch = new NpgsqlBatch(connection);
        new WorkRowStore<Job>().AddSaves(new RowSaves(batch), unit);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>So many more of the same, with ranks that follow its own.</summary>
    public static Task Multiply(this DatabaseFixture house, Guid job, int count) => house.Do(
        $"""
        do $many$ declare facts text; columns text; begin
            select string_agg(quote_ident(column_name), ', ') into facts from information_schema.columns
            where table_name = 'work' and column_name <> 'id';
            select string_agg(quote_ident(column_name), ', ') into columns from information_schema.columns
            where table_name = 'work_state' and column_name not in ('id', 'queue_rank');
            execute format($sql$with many as (select gen_random_uuid() as fresh, n from generate_series(1, {count}) n),
                facts as (insert into work (id, %s) select fresh, %s from work cross join many where id = '{job}')
                insert into work_state (id, queue_rank, %s) select fresh, queue_rank + n, %s
                from work_state cross join many where id = '{job}'$sql$, facts, facts, columns, columns);
        end $many$
        """);

    /// <summary>Types of the journal's entries in their order.</summary>
    public static Task<string[]> History(this DatabaseFixture house, Guid id) =>
        house.Ask<string[]>("select coalesce(array_agg(type order by seq), '{}') from journal where stream = $1", id);
}
