using Npgsql;

namespace Fleet.Bench.Retention;

/// <summary>Finished jobs by the thousand, copied from one that really ran: rows, journal, and an artifact of 4 KB.</summary>
internal sealed class FinishedJobs(string connectionString) : IAsyncDisposable
{
    private const int AtOnce = 5000;

    /// <summary>A UUIDv7, as the product makes them.</summary>
    private const string NextId =
        "(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')"
        + " || '7' || substr(md5(random()::text), 1, 3) || '8' || substr(md5(random()::text), 1, 15))::uuid";

    private static readonly string[] Tables = ["work", "work_ended", "journal", "artifacts", "artifact_chunks"];

    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "fleet-bench", CommandTimeout = 300 });

    /// <param name="template">The name of a finished job that no other has.</param>
    /// <param name="label">Its copies' value of the label <c>bench</c>.</param>
    public async Task Make(string template, string label, int count, CancellationToken stop)
    {
        for (var made = 0; made < count; made += AtOnce)
        {
            await using var copy = _database.CreateCommand(
                $"""
                do $copy$ declare template uuid; facts text; states text; begin
                    template := (select id from work where name = '{template}' order by id limit 1);
                    select string_agg(quote_ident(column_name), ', ') into facts from information_schema.columns
                    where table_name = 'work' and column_name not in ('id', 'name', 'labels');
                    select string_agg(quote_ident(column_name), ', ') into states from information_schema.columns
                    where table_name = 'work_ended' and column_name not in ('id', 'has_artifacts');
                    create temporary table fresh on commit drop as
                        select {NextId} as id, {NextId} as file from generate_series(1, {Math.Min(AtOnce, count - made)});
                    execute format($sql$insert into work (id, labels, %s)
                        select fresh.id, json_build_object('bench', '{label}')::jsonb, %s from work, fresh
                        where work.id = %L$sql$, facts, 'work.' || replace(facts, ', ', ', work.'), template);
                    execute format($sql$insert into work_ended (id, has_artifacts, %s)
                        select fresh.id, true, %s from work_ended, fresh
                        where work_ended.id = %L$sql$, states, 'work_ended.' || replace(states, ', ', ', work_ended.'), template);
                    insert into journal (stream, seq, type, attempt, at, data, output)
                        select fresh.id, seq, type, attempt, at, data, output from journal, fresh
                        where stream = template;
                    insert into artifacts (id, owner_id, attempt, name, size, content_type, sha256, created_at, touched_at,
                                           complete, chunk_size)
                        select file, fresh.id, 1, 'report.bin', 4096, 'application/octet-stream', '', now(), now(), true, 524288
                        from fresh;
                    insert into artifact_chunks (artifact_id, number, bytes)
                        select file, 0, decode(string_agg(md5(file::text || n), ''), 'hex')
                        from fresh, generate_series(1, 256) n group by file;
                end $copy$
                """);
            await copy.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>Returns when none with this label is left, nor anything that belonged to one.</summary>
    public async Task Gone(string label, CancellationToken stop)
    {
        var json = $$"""{"bench": "{{label}}"}""";
        while (await Count($"select count(*) from (select from work where labels @> '{json}' limit 1) one", stop)
            + await Count("select count(*) from (select from work_removals limit 1) one", stop) > 0)
        {
            await Task.Delay(200, stop);
        }
    }

    /// <summary>What autovacuum does when it comes, so that nobody has to wait for it.</summary>
    public async Task Vacuum(CancellationToken stop)
    {
        foreach (var table in Tables)
        {
            await using var vacuum = _database.CreateCommand($"vacuum (analyze) {table}");
            await vacuum.ExecuteNonQueryAsync(stop);
        }
    }

    /// <summary>Megabytes with indexes, by table.</summary>
    public async Task<Dictionary<string, double>> Sizes(CancellationToken stop)
    {
        var sizes = new Dictionary<string, double>();
        foreach (var table in Tables)
            sizes[$"{table}_mb"] = await Count($"select pg_total_relation_size('{table}')", stop) / 1e6;
        return sizes;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<long> Count(string sql, CancellationToken stop)
    {
        await using var count = _database.CreateCommand(sql);
        return (long)(await count.ExecuteScalarAsync(stop))!;
    }
}
