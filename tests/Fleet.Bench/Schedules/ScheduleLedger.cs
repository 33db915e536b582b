using Npgsql;

namespace Fleet.Bench.Schedules;

/// <summary>Looks at Fleet's ledger of due times, and at the jobs that came of them.</summary>
internal sealed class ScheduleLedger(string connectionString) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fleet-bench", CommandTimeout = 300 });

    /// <summary>A whole second that is about to come, by the database's clock.</summary>
    public async Task<DateTime> NextSecond(CancellationToken stop)
    {
        await using var query = _database.CreateCommand("select date_trunc('second', clock_timestamp()) + interval '2 seconds'");
        return (DateTime)(await query.ExecuteScalarAsync(stop))!;
    }

    /// <summary>What was started of the due times of a span, and not merely made up for.</summary>
    public async Task<List<Fire>> Started(DateTime from, int seconds, CancellationToken stop)
    {
        await using var query = _database.CreateCommand("""
            select one.schedule_id::text, (extract(epoch from one.due_at) * 1000)::bigint, one.lateness_ms::float8,
                (extract(epoch from job.finished_at - one.due_at) * 1000)::float8
            from schedule_occurrences one join schedules on schedules.id = one.schedule_id
                left join work_ended job on job.id = one.work_id
            where schedules.name = $1 and one.outcome = 'started' and one.reason is null
                and one.due_at >= $2 and one.due_at < $2 + make_interval(secs => $3)
            """);
        query.Parameters.Add(new() { Value = ScheduleDoor.Name });
        query.Parameters.Add(new() { Value = from });
        query.Parameters.Add(new() { Value = (double)seconds });
        await using var rows = await query.ExecuteReaderAsync(stop);
        var fires = new List<Fire>();
        while (await rows.ReadAsync(stop))
        {
            fires.Add(new Fire(
                rows.GetString(0), rows.GetInt64(1), rows.GetDouble(2), rows.IsDBNull(3) ? null : rows.GetDouble(3)));
        }

        return fires;
    }

    /// <summary>Jobs beyond the first of a due time, whose name they have.</summary>
    public async Task<long> Doubles(string label, CancellationToken stop)
    {
        await using var query = _database.CreateCommand(
            "select count(*) - count(distinct name) from work where labels @> jsonb_build_object('bench', $1::text)");
        query.Parameters.Add(new() { Value = label });
        return (long)(await query.ExecuteScalarAsync(stop))!;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
