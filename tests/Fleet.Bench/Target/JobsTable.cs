using System.Diagnostics;
using Npgsql;

namespace Fleet.Bench.Target;

/// <summary>
/// Looks at Fleet's <c>jobs</c> table, which tells what is durable and costs the product nothing but a bounded count
/// four times a second, and fifty times once fewer than 500 jobs are left.
/// </summary>
internal sealed class JobsTable(NpgsqlDataSource database)
{
    private const int Few = 500;

    /// <summary>Waits until no job of this name is left to do.</summary>
    /// <returns>The <see cref="Stopwatch"/> timestamp of the first look that found none.</returns>
    public async Task<long> NoneLeft(string name, CancellationToken stop)
    {
        while (true)
        {
            var left = await Left(name, stop);
            if (left == 0)
                return Stopwatch.GetTimestamp();
            await Task.Delay(left < Few ? 20 : 250, stop);
        }
    }

    /// <summary>How the jobs of this name ended, by the stamps in their rows.</summary>
    public async Task<JobsOutcome> Outcome(string name, CancellationToken stop)
    {
        await using var query = database.CreateCommand("""
            select count(*), count(*) filter (where state = 'Succeeded'),
                   min(created_at), min(started_at), max(finished_at)
            from jobs where name = $1
            """);
        query.Parameters.Add(new() { Value = name });
        await using var row = await query.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new JobsOutcome(
            row.GetInt64(0),
            row.GetInt64(1),
            await row.GetFieldValueAsync<DateTime?>(2, stop),
            await row.GetFieldValueAsync<DateTime?>(3, stop),
            await row.GetFieldValueAsync<DateTime?>(4, stop));
    }

    private async Task<long> Left(string name, CancellationToken stop)
    {
        await using var query = database.CreateCommand("""
            select count(*) from (
                select 1 from jobs
                where state in ('Queued', 'Assigned', 'Running', 'Cancelling') and name = $1 limit 500) unfinished
            """);
        query.Parameters.Add(new() { Value = name });
        return (long)(await query.ExecuteScalarAsync(stop))!;
    }
}

/// <summary>Counts of one run's jobs, and the first and last stamps of their rows.</summary>
internal sealed record JobsOutcome(
    long Jobs, long Succeeded, DateTime? FirstCreated, DateTime? FirstStarted, DateTime? LastFinished)
{
    /// <exception cref="InvalidOperationException">Some are missing, or did not succeed.</exception>
    public void MustBe(int expected)
    {
        if (Jobs != expected || Succeeded != expected)
            throw new InvalidOperationException($"{expected} jobs were accepted, {Jobs} are there, {Succeeded} succeeded.");
    }
}
