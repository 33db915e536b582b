using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Jobs that cost nothing, and their way through a test.</summary>
internal static class TestJobs
{
    private static readonly Dictionary<string, string> Nothing = [];

    public static SubmitJob Submission(
        Guid id,
        int maxAttempts = 1,
        int priority = 5,
        DateTimeOffset? expiresAt = null,
        string? agent = null,
        IReadOnlyDictionary<string, string>? labels = null,
        string? name = null) => new(
        id, "default", new JobSpec("noop"), name, Nothing, priority, maxAttempts, TimeoutSeconds: null, expiresAt,
        new JobTarget(agent, labels ?? Nothing));

    public static async Task<Guid> Submit(this TestControl control, int maxAttempts = 1, DateTimeOffset? expiresAt = null)
    {
        var id = Guid.CreateVersion7();
        await control.Submit(Submission(id, maxAttempts, expiresAt: expiresAt));
        return id;
    }

    public static Task Submit(this TestControl control, params SubmitJob[] jobs) => control.Commits.Run(
        [.. jobs.Select(job => Touch.New<Job>(job.JobId))],
        async unit =>
        {
            foreach (var job in jobs)
                await unit.Raise(job);
        },
        patient: true);

    /// <summary>As far as a running first attempt.</summary>
    public static async Task<Guid> Run(this TestControl control, int maxAttempts = 1)
    {
        var id = await control.Submit(maxAttempts);
        await control.Raise(id, new AssignJob(id, "worker-1", Guid.NewGuid()));
        await control.Raise(id, new JobStarted(id, 1, "worker-1"));
        return id;
    }

    public static async Task<Job> Job(this TestHouse house, Guid id)
    {
        await using var db = house.Db();
        return await db.Set<Job>().AsNoTracking().SingleAsync(job => job.CorrelationId == id);
    }

    /// <summary>So many more of the same, with ranks that follow its own.</summary>
    public static Task Multiply(this TestHouse house, Guid job, int count) => house.Do(
        $"""
        do $many$ declare columns text; begin
            select string_agg(quote_ident(column_name), ', ') into columns from information_schema.columns
            where table_name = 'jobs' and column_name not in ('id', 'queue_rank');
            execute format($sql$insert into jobs (id, queue_rank, %s) select gen_random_uuid(), queue_rank + n, %s
                from jobs cross join generate_series(1, {count}) n where id = '{job}'$sql$, columns, columns);
        end $many$
        """);

    /// <summary>Types of the journal's entries in their order.</summary>
    public static Task<string[]> History(this TestHouse house, Guid id) =>
        house.Ask<string[]>("select coalesce(array_agg(type order by seq), '{}') from journal where stream = $1", id);
}
