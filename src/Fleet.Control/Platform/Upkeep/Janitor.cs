using Fleet.Control.Platform.Changes;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Upkeep;

/// <summary>By the clock: forgets what the engine remembers for a time only, in small batches.</summary>
internal sealed class Janitor(
    NpgsqlDataSource database, Leadership leadership, TimeProvider clock, ILogger<Janitor> logger)
    : LeaderService(leadership, TimeSpan.FromMinutes(1), clock)
{
    /// <summary>A repeated request is recognised for a day; an agent session may come back for a week.</summary>
    private static readonly string[] Forget =
    [
        $"""
        delete from idempotent_answers where (owner, key) in
            (select owner, key from idempotent_answers where at < now() - interval '1 day' limit {BatchedDelete.Size})
        """,
        $"""
        delete from report_cursors where session in
            (select session from report_cursors where at < now() - interval '7 days' limit {BatchedDelete.Size})
        """,
        ChangeSql.Forget,
    ];

    protected override void RoundFailed(Exception failure) => UpkeepLog.NotTidied(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        foreach (var sql in Forget)
            await database.DeleteInBatches(sql, throttle: null, stop);
    }
}
