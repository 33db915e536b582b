using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Audit;

/// <summary>By the clock: writes what refusals were counted, and forgets rows whose time is over.</summary>
internal sealed class AuditKeeper(
    AuditTrail trail,
    RefusalFold fold,
    NpgsqlDataSource database,
    Leadership leadership,
    AuditSettings settings,
    DatabaseClock now,
    TimeProvider clock,
    ILogger<AuditKeeper> logger) : BackgroundService
{
    private const double Share = 0.5;
    private const int RoundsBetweenSweeps = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private static readonly string Forget =
        $"delete from audit where ctid = any(array(select ctid from audit where id < $1 order by id limit {BatchedDelete.Size}))";

    /// <summary>What was counted so far is not lost with the process.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await WriteFolded(all: true);
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure) || failure is OperationCanceledException)
        {
            AuditLog.Waits(logger, failure.Message);
        }
    }

    public async Task WriteFolded(bool all)
    {
        var rows = fold.Take(all);
        if (rows.Count > 0)
            await trail.Write(rows, waitsForDatabase: !all);
    }

    public async Task Sweep(CancellationToken stop)
    {
        var until = AuditRow.FirstIdOf(now.Now - TimeSpan.FromDays(settings.KeepDays));
        await database.DeleteInBatches(Forget, new Throttle(Share, clock), stop, SqlValue.Of(until));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var round = 0; !stoppingToken.IsCancellationRequested; round++)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await WriteFolded(all: false);
                if (leadership.IsMine && round % RoundsBetweenSweeps == 0)
                    await Sweep(stoppingToken);
            }
            catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
            {
                AuditLog.Waits(logger, failure.Message);
            }
        }
    }
}
