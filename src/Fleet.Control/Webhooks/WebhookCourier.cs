using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Webhooks;

/// <summary>
/// Takes lanes that are due and tells them, many at once. Any number of processes share the lanes; what a dead one had
/// is taken over when its claim runs out.
/// </summary>
internal sealed class WebhookCourier(
    LaneLedger lanes, LaneRun run, Circuits circuits, WebhookSignal signal, WebhookSettings settings,
    ILogger<WebhookCourier> logger)
    : BackgroundService
{
    private readonly HashSet<Task> _calls = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (!await TryRound(stoppingToken))
                    await signal.Wait(TimeSpan.FromSeconds(settings.PollSeconds), stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether more may be due at once.</summary>
    private async Task<bool> TryRound(CancellationToken stop)
    {
        try
        {
            return await Round(stop);
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
        {
            WebhookLog.NotClaimed(logger, failure.Message);
            return false;
        }
    }

    private async Task<bool> Round(CancellationToken stop)
    {
        _calls.RemoveWhere(call => call.IsCompleted);
        var room = settings.AtOnce - _calls.Count;
        if (room <= 0)
            return false;
        var claimed = await lanes.Claim(room, circuits.Rooms(), stop);
        foreach (var lane in claimed)
        {
            if (circuits.TryEnter(lane.Target))
                _calls.Add(Run(lane, stop));
            else
                await lanes.Release(lane, stop);
        }

        return claimed.Count > 0;
    }

    private async Task Run(ClaimedLane lane, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await run.Run(lane, stop);
        }
        finally
        {
            circuits.Leave(lane.Target);
            signal.Set();
        }
    }
}
