using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs;
using Fleet.Control.Platform.Work;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Npgsql;

namespace Fleet.Control.Tests.Platform.Work;

public sealed class WorkRowStoreTests(DatabaseFixture house) : IClassFixture<DatabaseFixture>
{
    [Fact]
    public async Task A_plan_made_while_the_tables_were_young_still_looks_up_by_key()
    {
        foreach (var table in (string[])["work", "work_waiting", "work_in_hand", "work_ended"])
            await house.Do($"alter table {table} set (autovacuum_enabled = false)");
        await using var connection = new NpgsqlConnection(
            house.ConnectionString + ";Pooling=false;Max Auto Prepare=10;Auto Prepare Min Usages=2");
        await connection.OpenAsync();
        var job = await Job();
        for (var time = 0; time < 10; time++) // long enough for the plan that is kept
            await Read(connection, job);
        await house.Multiply(job, 20_000);
        var before = await RowsScanned(connection);
        for (var time = 0; time < 10; time++)
            (await Read(connection, job)).ShouldBe(1);
        (await RowsScanned(connection) - before).ShouldBe(0, "rows read from end to end");
    }

    private async Task<Guid> Job()
    {
        var job = new Job
        {
            CorrelationId = Guid.CreateVersion7(),
            State = "Queued",
            Tenant = "default",
            Family = JobFamily.Job,
            Kind = JobKinds.Noop,
            Spec = "{}",
        };
        await house.Store(job);
        return job.CorrelationId;
    }

    private static async Task<int> Read(NpgsqlConnection connection, Guid job) =>
        await new WorkRowStore<Job>().Read(connection, [job, .. Strangers], CancellationToken.None).CountAsync();

    private static readonly Guid[] Strangers = [.. Enumerable.Range(0, 100).Select(_ => Guid.NewGuid())];

    private static async Task<long> RowsScanned(NpgsqlConnection connection)
    {
        await using var flush = new NpgsqlCommand("select pg_stat_force_next_flush()", connection);
        await flush.ExecuteNonQueryAsync();
        await using var count = new NpgsqlCommand(
            "select sum(seq_tup_read)::bigint from pg_stat_user_tables where relname like 'work%'", connection);
        return (long)(await count.ExecuteScalarAsync())!;
    }
}
