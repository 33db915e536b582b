using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// Takes queues that are due and tells them, many at once. Any number of processes share the queues; what a dead one had
/// is taken over when its claim runs out.
/// </summary>
internal sealed class DeliveryWorker(
    DeliveryQueues queues, DeliveryQueueRun run, Circuits circuits, WebhookSignal signal, WebhookSettings settings,
    ILogger<DeliveryWorker> logger)
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
        var claimed = await queues.Claim(room, circuits.Rooms(), stop);
        foreach (var queue in claimed)
        {
            if (circuits.TryEnter(queue.Target))
                _calls.Add(Run(queue, stop));
            else
                await queues.Release(queue, stop);
        }

        return claimed.Count > 0;
    }

    private async Task Run(ClaimedQueue queue, CancellationToken stop)
    {
        try
        {
            await Task.Yield();
            await run.Run(queue, stop);
        }
        finally
        {
            circuits.Leave(queue.Target);
            signal.Set();
        }
    }
}
