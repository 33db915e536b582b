using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Work.Bulk;

/// <summary>
/// The Control that leads works on everything that is to be done to much work: a batch of each run in turn, with pauses
/// that leave room for other work.
/// </summary>
internal sealed class BulkWorker(
    BulkStore store,
    BulkStep step,
    BulkSignal signal,
    BulkSettings settings,
    Leadership leadership,
    DatabaseClock database,
    TimeProvider clock,
    ILogger<BulkWorker> logger) : BackgroundService
{
    /// <summary>What another process was asked for is found by looking.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private long _forgotten;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!leadership.IsMine || !await Round(stoppingToken))
                await signal.Wait(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Whether something was done.</returns>
    private async Task<bool> Round(CancellationToken stop)
    {
        try
        {
            await Forget(stop);
            var runs = await store.Running(stop);
            var moved = false;
            foreach (var run in runs.TakeWhile(_ => leadership.IsMine))
                moved |= await Take(run, stop);
            return moved;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            BulkLog.NotRead(logger, failure.Message);
            return false;
        }
    }

    /// <returns>False when it did not get on, and should be left alone for a while.</returns>
    private async Task<bool> Take(BulkRun run, CancellationToken stop)
    {
        var began = clock.GetTimestamp();
        try
        {
            await step.Take(run, stop);
        }
        catch (ProblemException refused) when (refused.Problem.Status < 500)
        {
            BulkLog.Failed(logger, run.CorrelationId, refused.Message);
            await step.Fail(run, refused.Message);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            BulkLog.NotDone(logger, run.CorrelationId, failure.Message);
            return false;
        }

        var pause = clock.GetElapsedTime(began) * settings.PauseFactor;
        await Task.Delay(pause < LongestPause ? pause : LongestPause, clock, stop)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private async Task Forget(CancellationToken stop)
    {
        if (_forgotten != 0 && clock.GetElapsedTime(_forgotten) < ForgetEvery)
            return;
        await store.Forget(database.Now - TimeSpan.FromDays(settings.KeepDays), stop);
        _forgotten = clock.GetTimestamp();
    }
}
