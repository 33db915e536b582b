using Npgsql;

namespace Fleet.Bench.References;

/// <summary>Two tables in a schema of their own, in Fleet's database; dropped at the end.</summary>
internal sealed class ReferenceDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source;

    private ReferenceDatabase(NpgsqlDataSource source) => _source = source;

    public static async Task<ReferenceDatabase> Create(string connectionString, CancellationToken stop)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = 20,
            MaxAutoPrepare = 50,
            NoResetOnClose = true,
            ApplicationName = "fleet-bench",
        };
        var source = NpgsqlDataSource.Create(settings);
        await using var create = source.CreateCommand("""
            drop schema if exists fleet_bench cascade;
            create schema fleet_bench;
            create table fleet_bench.jobs (
                id uuid primary key, kind text not null, name text, state text not null, attempt int not null default 0,
                agent text, exit_code int, created_at timestamptz not null default now(),
                started_at timestamptz, finished_at timestamptz);
            create index on fleet_bench.jobs (state, created_at, id);
            create table fleet_bench.journal (
                job_id uuid not null, seq bigint not null, type text not null, data text not null,
                at timestamptz not null default now(), primary key (job_id, seq));
            """);
        await create.ExecuteNonQueryAsync(stop);
        return new ReferenceDatabase(source);
    }

    /// <summary>Runs one statement, which is one transaction.</summary>
    public async Task Run(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Every job succeeded and has its three journal entries: nobody was fast by leaving work out.</summary>
    /// <exception cref="InvalidOperationException">Not so.</exception>
    public async Task MustBeWhole(CancellationToken stop)
    {
        await using var query = _source.CreateCommand("""
            select (select count(*) from fleet_bench.jobs where state <> 'Succeeded' or started_at is null),
                   (select count(*) * 3 from fleet_bench.jobs) - (select count(*) from fleet_bench.journal)
            """);
        await using var row = await query.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        if (row.GetInt64(0) != 0 || row.GetInt64(1) != 0)
            throw new InvalidOperationException(
                $"The references left {row.GetInt64(0)} jobs undone and {row.GetInt64(1)} journal entries unwritten.");
    }

    public async ValueTask DisposeAsync()
    {
        await Run("drop schema fleet_bench cascade");
        await _source.DisposeAsync();
    }
}
