using System.Globalization;
using Npgsql;

namespace Fleet.Bench.History;

/// <summary>Finished jobs that never ran, with the journal that they would have left, written straight into the tables.</summary>
internal sealed class HistoryTable(string connectionString) : IAsyncDisposable
{
    /// <summary>The tenant that one job in a thousand belongs to.</summary>
    public const string SmallTenant = "bench-small";

    private const int AtOnce = 20_000;

    /// <summary>
    /// Over the last 20 days, on twenty agents; one in twenty failed. Each hundred share a name and a label <c>batch</c>, a
    /// quarter has <c>env=prod</c>; one output in 100,000 holds <c>OutOfMemoryError</c>.
    /// </summary>
    private const string Insert =
        """
        with fresh as (
            select n, day - (n::bigint * 7 % 1728000) * interval '1 s' as at from generate_series($1::int, $2::int) n,
                 (select date_trunc('day', now()) as day) today),
        known as (
            select n, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
                || substr(md5(n || 'a'), 1, 3) || '8' || substr(md5(n || 'b'), 1, 15))::uuid as id from fresh),
        facts as (
            insert into work (
                id, tenant, family, kind, name, spec, labels, priority, held, max_attempts, target_labels, offline)
            select id, case when n % 1000 = 999 then 'bench-small' else 'default' end, 'job', 'command', 'build-' || n / 100,
                json_build_object('script', 'make -C /srv/' || n || ' all && make check', 'shell', 'sh'),
                case when n % 4 = 0 then jsonb_build_object('batch', 'b' || n / 100, 'env', 'prod')
                    else jsonb_build_object('batch', 'b' || n / 100) end,
                5, false, 1, '{}', 'wait'
            from known),
        states as (
            insert into work_state (
                id, phase, kind, version, journal_seq, state, created_at, demand, queue_rank, share, ready, put_backs,
                attempt, failures, crashes, agent, holders, assigned_at, started_at, finished_at,
                exit_code, error_code, error_message, has_artifacts, cpu_seconds, peak_memory_bytes)
            select id, 'ended', 'command', 4, 5, case when n % 20 = 0 then 'Failed' else 'Succeeded' end,
                at, '["command","command",null]', (extract(epoch from at) * 1000)::bigint,
                'b1946ac9-2492-4347-8123-000000000000', true, 0, 1, case when n % 20 = 0 then 1 else 0 end, 0,
                'host-' || n % 20, array['host-' || n % 20], at + interval '1 s', at + interval '1 s',
                at + interval '31 s', case when n % 20 = 0 then 2 else 0 end,
                case when n % 20 = 0 then 'exit_code' end, case when n % 20 = 0 then 'The attempt ended with code 2.' end,
                false, 1.5, 40000000
            from known)
        insert into journal (stream, seq, type, attempt, at, data, output)
        select id, seq, type, 1, at, case when type = 'state' then '{"from":"queued","to":"running","attempt":1}'::json end,
            case when type = 'stdout' then convert_to(
                'make: entering /srv/' || n || E'\n' || repeat('cc -O2 -c src/part' || n % 97 || E'.c\n', 12)
                || case when n % 100000 = 77777 then E'java.lang.OutOfMemoryError: heap\n' else E'all tests passed\n' end, 'UTF8') end
        from known cross join (values (1, 'state'), (2, 'stdout'), (3, 'end')) entry (seq, type)
        """;

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0, ApplicationName = "fleet-bench" });

    /// <summary>The number of jobs in the table.</summary>
    public Task<long> Count(CancellationToken stop) => Ask<long>("select count(*) from work", stop);

    public async Task Fill(int from, int to, Action<int> tell, CancellationToken stop)
    {
        for (var first = from; first <= to; first += AtOnce)
        {
            var last = Math.Min(first + AtOnce - 1, to);
            await using var insert = _database.CreateCommand(Insert);
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = first });
            insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = last });
            await insert.ExecuteNonQueryAsync(stop);
            tell(last);
        }

        await using var tidy = _database.CreateCommand("vacuum analyze work, work_state, journal");
        await tidy.ExecuteNonQueryAsync(stop);
    }

    /// <summary>When the latest heartbeat of any agent was stored, in seconds.</summary>
    public Task<double> LastBeat(CancellationToken stop) => Ask<double>(
        "select coalesce(extract(epoch from max(beat_at)), 0)::float8 from agents where revoked_at is null", stop);

    /// <summary>The id of the job in the middle of those that are there, as the API writes it in hexadecimal.</summary>
    public async Task<Guid> Some(int place, CancellationToken stop) => await Ask<Guid>(
        string.Create(CultureInfo.InvariantCulture, $"select id from work where name = 'build-{place / 100}' limit 1"), stop);

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<T> Ask<T>(string sql, CancellationToken stop)
    {
        await using var ask = _database.CreateCommand(sql);
        return (T)(await ask.ExecuteScalarAsync(stop))!;
    }
}
