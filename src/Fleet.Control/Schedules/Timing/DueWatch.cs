using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules.Timing;

/// <summary>
/// Sees what Quartz does not: a trigger that is stuck is set going again, one that is missing is made, and what should
/// have been decided long ago is decided without being told.
/// </summary>
internal sealed class DueWatch(
    DueQueries queries,
    DueRound round,
    LaneStore lanes,
    LaneTriggers triggers,
    DatabaseClock database,
    ScheduleSettings settings,
    ScheduleMeters meters,
    TimeProvider clock,
    ILogger<DueWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private TimeSpan StuckAfter => TimeSpan.FromSeconds(settings.StuckAfterSeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Try(Decide, stoppingToken); // whatever is wrong with Quartz
            await Try(Repair, stoppingToken);
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Try(Func<CancellationToken, Task> look, CancellationToken stop)
    {
        try
        {
            await look(stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            ScheduleLog.TriggersNotRead(logger, failure.Message);
        }
        catch (OperationCanceledException)
        {
            // it stops
        }
    }

    private async Task Repair(CancellationToken stop)
    {
        foreach (var (trigger, reason) in await lanes.Repair(StuckAfter, stop))
        {
            meters.Repaired(reason);
            ScheduleLog.TriggerRepaired(logger, trigger, reason);
        }

        await triggers.Ensure(stop);
    }

    private async Task Decide(CancellationToken stop)
    {
        var overdue = await queries.Overdue(database.Now, stop);
        if (overdue <= StuckAfter)
            return;
        meters.WentUnprompted();
        ScheduleLog.Unprompted(logger, overdue);
        await round.Run(null, stop);
    }
}
