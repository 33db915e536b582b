using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>By the clock: gives up what could not be told for too long, and forgets what was settled long ago.</summary>
internal sealed class DeliveryCleanup(
    NpgsqlDataSource database, Leadership leadership, WebhookSettings settings, TimeProvider clock,
    ILogger<DeliveryCleanup> logger)
    : LeaderService(leadership, TimeSpan.FromMinutes(1), clock)
{
    public async Task Tidy(CancellationToken stop)
    {
        while (await GiveUp(stop) > 0)
        {
            // until nothing is too old
        }

        var age = TimeSpan.FromDays(settings.KeepDays);
        await database.DeleteInBatches(DeliverySql.Forget(BatchedDelete.Size), throttle: null, stop, SqlValue.Of(age));
    }

    protected override Task Round(CancellationToken stop) => Tidy(stop);

    protected override void RoundFailed(Exception failure) => WebhookLog.NotTidied(logger, failure.Message);

    /// <summary>How many queues it was about.</summary>
    private async Task<int> GiveUp(CancellationToken stop)
    {
        var age = TimeSpan.FromHours(settings.GiveUpHours);
        var queues = await database.Execute(DeliverySql.GiveUp(BatchedDelete.Size), stop, SqlValue.Of(age));
        await database.Execute(DeliverySql.DropEmptyQueues, stop);
        return queues;
    }
}
