using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Chaos.Oracle;

/// <summary>The fleet's tables, as the oracle reads them.</summary>
internal sealed class Records(string connection, string run) : IAsyncDisposable
{
    private const string OfRun = "work_rows.labels @> jsonb_build_object('run', $1::text)";

    private const string IsOver = "state in ('Succeeded', 'Failed', 'Cancelled', 'Expired')";
    private const string IsDue = "deliver_at <= now()";

    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(connection);

    /// <summary>Whether everything accepted has ended, and nothing is left to be delivered.</summary>
    public async Task<string?> Unsettled(CancellationToken stop)
    {
        try
        {
            var open = await Count($"select count(*) from work_rows where {OfRun} and not ({IsOver})", stop);
            var due = await Count($"select count(*) from outbox where {IsDue} and $1::text is not null", stop);
            return open + due == 0 ? null : $"{open} jobs have not ended, {due} messages are due";
        }
        catch (NpgsqlException away)
        {
            return $"the database is away: {away.Message}";
        }
    }

    /// <returns>What is still open when the time is over; null when nothing is.</returns>
    public async Task<string?> Settle(TimeSpan patience, CancellationToken stop)
    {
        var since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (await Unsettled(stop) is { } open)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(since) > patience)
                return open;
            await Task.Delay(Glance, stop);
        }

        return null;
    }

    public async Task<Dictionary<string, JobRecord>> Jobs(CancellationToken stop)
    {
        var counts = await Rows(
            $"""
            select stream, count(*), min(seq), max(seq), work_rows.journal_seq
            from journal join work_rows on work_rows.id = stream where {OfRun} group by stream, work_rows.journal_seq
            """,
            row => (
                Id: Id(row),
                Count: new JournalCount(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))),
            stop);
        var steps = await Rows(
            $"""
            select stream, seq, type, journal.attempt, data->>'to', data->>'reason'
            from journal join work_rows on work_rows.id = stream
            where {OfRun} and type in ('state', 'end', 'stale') order by stream, seq
            """,
            row => (
                Id: Id(row),
                Step: new JournalStep(row.GetInt64(1), row.GetString(2), row.GetInt32(3), Text(row, 4), Text(row, 5))),
            stop);
        var countOf = counts.ToDictionary(row => row.Id, row => row.Count);
        var stepsOf = steps.ToLookup(row => row.Id, row => row.Step);
        var jobs = await Rows(
            $"select id, state, attempt, error_code from work_rows where {OfRun}",
            row => new JobRecord(
                Id(row), row.GetString(1), row.GetInt32(2), Text(row, 3),
                countOf.GetValueOrDefault(Id(row)) ?? new JournalCount(0, 0, 0, 0),
                [.. stepsOf[Id(row)]]),
            stop);
        return jobs.ToDictionary(job => job.Id);
    }

    /// <summary>By job: what the attempt that succeeded wrote to standard output.</summary>
    public async Task<Dictionary<string, string>> Outputs(CancellationToken stop) => (await Rows(
        $"""
        select stream, convert_from(string_agg(output, ''::bytea order by seq), 'UTF8')
        from journal join work_rows on work_rows.id = stream and work_rows.attempt = journal.attempt
        where {OfRun} and type = 'stdout' and state = 'Succeeded' group by stream
        """,
        row => (Id: Id(row), Text: row.GetString(1)),
        stop)).ToDictionary(row => row.Id, row => row.Text);

    /// <summary>Jobs whose last attempt outlived its agent, which says that output may be missing.</summary>
    public async Task<HashSet<string>> ToldGaps(CancellationToken stop) => [.. await Rows(
        $"""
        select distinct stream from journal join work_rows on work_rows.id = stream and work_rows.attempt = journal.attempt
        where {OfRun} and type = 'stderr' and position('[fleet: '::bytea in output) > 0
        """,
        Id,
        stop)];

    /// <summary>Whole artifacts of attempts that succeeded.</summary>
    public Task<List<StoredArtifact>> Artifacts(CancellationToken stop) => Rows(
        $"""
        select owner_id, artifacts.name, size, sha256 from artifacts
        join work_rows on work_rows.id = owner_id and work_rows.attempt = artifacts.attempt
        where {OfRun} and state = 'Succeeded' and complete
        """,
        row => new StoredArtifact(Id(row), row.GetString(1), row.GetInt64(2), row.GetString(3)),
        stop);

    /// <summary>Work that is said to be in hand although nobody answers for it, whoever's it is.</summary>
    /// <param name="newSeconds">What was assigned within this time need not have been taken yet.</param>
    public Task<List<string>> WithoutLease(
        double leaseSeconds, double newSeconds, CancellationToken stop) => Rows(
        """
        select work_rows.id, work_rows.state, work_rows.agent from work_rows left join agents on agents.name = work_rows.agent
        where work_rows.state in ('Assigned', 'Running', 'Cancelling') and $1::text is not null
          and (agents.name is null or agents.seen_at < now() - make_interval(secs => $2)
               or (not work_rows.id = any(agents.in_hand_ids) and work_rows.assigned_at < now() - make_interval(secs => $3)))
        """,
        row => $"{Id(row)} is {row.GetString(1)} at {Text(row, 2)}",
        stop,
        leaseSeconds,
        newSeconds);

    public Task<List<string>> Due(CancellationToken stop) => Rows(
        $"""
        select message_type, destination, attempts, last_error from outbox where {IsDue} and $1::text is not null
        """,
        row => $"{row.GetString(0)} to {row.GetString(1)}, tried {row.GetInt32(2)} times: {Text(row, 3)}",
        stop);

    /// <summary>Timers of jobs that have ended.</summary>
    public Task<long> LeftTimers(CancellationToken stop) => Count(
        $"select count(*) from outbox join work_rows on work_rows.id = about where {OfRun} and {IsOver}", stop);

    public Task<List<(string Endpoint, string Reason, long Count)>> DeadLetters(CancellationToken stop) => Rows(
        """
        select endpoint, left(reason, 120), count(*) from dead_letters where $1::text is not null
        group by 1, 2 order by 3 desc
        """,
        row => (row.GetString(0), row.GetString(1), row.GetInt64(2)),
        stop);

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<long> Count(string sql, CancellationToken stop) =>
        (await Rows(sql, row => row.GetInt64(0), stop))[0];

    /// <param name="more">What follows the run, which is always the first parameter.</param>
    private async Task<List<T>> Rows<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params object[] more)
    {
        await using var select = _source.CreateCommand(sql);
        select.CommandTimeout = 120;
        select.Parameters.Add(new NpgsqlParameter { Value = run });
        foreach (var value in more)
            select.Parameters.Add(new NpgsqlParameter { Value = value });
        await using var reader = await select.ExecuteReaderAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
            rows.Add(read(reader));
        return rows;
    }

    private static string Id(NpgsqlDataReader row) => WireId.Format(row.GetGuid(0));

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}

/// <param name="Id">Of the job.</param>
internal sealed record StoredArtifact(string Id, string Name, long Size, string Sha256);
