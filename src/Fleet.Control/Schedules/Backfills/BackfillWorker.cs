using Fleet.Control.Platform.Cluster;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>The Control that leads takes backfills on, as what they started ends.</summary>
internal sealed class BackfillWorker(
    BackfillStore store, BackfillStep step, Leadership leadership, TimeProvider clock, ILogger<BackfillWorker> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(1), clock)
{
    private static readonly TimeSpan WhileRunning = TimeSpan.FromMilliseconds(100);

    private bool _isRunning;

    /// <summary>One step of each.</summary>
    /// <returns>Whether any is under way.</returns>
    public async Task<bool> Take(CancellationToken stop)
    {
        var running = await store.Running(stop);
        foreach (var backfill in running)
        {
            try
            {
                await step.Take(backfill, stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                ScheduleLog.BackfillFailed(logger, backfill.CorrelationId, failure.Message);
            }
        }

        return running.Count > 0;
    }

    protected override async Task Round(CancellationToken stop) => _isRunning = await Take(stop);

    protected override void RoundFailed(Exception failure) => ScheduleLog.BackfillFailed(logger, Guid.Empty, failure.Message);

    protected override Task Pause(TimeSpan atMost, CancellationToken stop) =>
        base.Pause(_isRunning && IsLeading ? WhileRunning : atMost, stop);
}
