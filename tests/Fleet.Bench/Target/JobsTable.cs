using System.Diagnostics;
using Npgsql;

namespace Fleet.Bench.Target;

/// <summary>
/// Looks at Fleet's tables of work, which tell what is durable and cost the product nothing but a bounded count
/// four times a second, and fifty times once fewer than 500 jobs are left.
/// </summary>
internal sealed class JobsTable(string connectionString) : IAsyncDisposable
{
    private const int Few = 500;

    // half-finished runs mislead the planner's statistics: every look goes by an index
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString)
        {
            Options = "-c enable_seqscan=off",
            ApplicationName = "fleet-bench",
        });

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
        await using var query = _database.CreateCommand("""
            select count(*), count(*) filter (where state = 'Succeeded'),
                   min(assigned_at), max(finished_at)
            from work_rows where name = $1
            """);
        query.Parameters.Add(new() { Value = name });
        await using var row = await query.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        return new JobsOutcome(
            row.GetInt64(0),
            row.GetInt64(1),
            await row.GetFieldValueAsync<DateTime?>(2, stop),
            await row.GetFieldValueAsync<DateTime?>(3, stop));
    }

    /// <summary>How fast the jobs of this name ended, and how long each took, by the stamps in their rows.</summary>
    public async Task<Dictionary<string, double>> Stamps(string name, CancellationToken stop)
    {
        await using var query = _database.CreateCommand("""
            select count(*) / greatest(extract(epoch from max(finished_at) - min(created_at)), 0.001)::float8,
                   percentile_disc(array[0.5, 0.99, 1]) within group (order by extract(epoch from finished_at - created_at)::float8 * 1000)
            from work_rows where name = $1
            """);
        query.Parameters.Add(new() { Value = name });
        await using var row = await query.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        var took = await row.GetFieldValueAsync<double[]>(1, stop);
        return new()
        {
            ["completed_per_s"] = row.GetDouble(0),
            ["stamped_p50_ms"] = took[0],
            ["stamped_p99_ms"] = took[1],
            ["stamped_max_ms"] = took[2],
        };
    }

    /// <summary>Attempts that were lost after an agent had taken them, or else because none had in time.</summary>
    public async Task<long> Lost(string name, bool accepted, CancellationToken stop)
    {
        await using var query = _database.CreateCommand("""
            select count(*) from journal join work on stream = work.id
            where name = $1 and type = 'state' and data->>'reason' in
                ('agent_lost', 'agent_restarted', 'agent_stopped', 'not_in_hand', 'not_accepted')
                and (data->>'reason' <> 'not_accepted') = $2
            """);
        query.Parameters.Add(new() { Value = name });
        query.Parameters.Add(new() { Value = accepted });
        return (long)(await query.ExecuteScalarAsync(stop))!;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    // "offset 0" keeps the planner from going by name, through all that is finished, and from reading all names first
    private async Task<long> Left(string name, CancellationToken stop)
    {
        await using var query = _database.CreateCommand("""
            select count(*) from (
                select from (
                    select id from work_state where phase in ('waiting', 'in_hand') offset 0) unfinished
                cross join lateral (select name from work where work.id = unfinished.id offset 0) facts
                where name = $1 limit 500) left_over
            """);
        query.Parameters.Add(new() { Value = name });
        return (long)(await query.ExecuteScalarAsync(stop))!;
    }
}

/// <summary>Counts of one run's jobs, and the first and last stamps of their rows.</summary>
internal sealed record JobsOutcome(long Jobs, long Succeeded, DateTime? FirstAssigned, DateTime? LastFinished)
{
    /// <exception cref="InvalidOperationException">Some are missing, or did not succeed.</exception>
    public void MustBe(int expected)
    {
        if (Jobs != expected || Succeeded != expected)
            throw new InvalidOperationException(
                $"{expected} jobs were accepted, {Jobs} are there, {Succeeded} succeeded.");
    }
}
