using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>By the clock: gives up what could not be told for too long, and forgets what was settled long ago.</summary>
internal sealed class DeliveryCleanup(
    NpgsqlDataSource database, Leadership leadership, WebhookSettings settings, TimeProvider clock,
    ILogger<DeliveryCleanup> logger)
    : LeaderService(leadership, TimeSpan.FromMinutes(1), clock)
{
    private const int Batch = 1000;

    public async Task Tidy(CancellationToken stop)
    {
        while (await GiveUp(stop) > 0)
        {
            // until nothing is too old
        }

        while (await Forget(stop) == Batch)
        {
            // a full batch means that there is more
        }
    }

    protected override Task Round(CancellationToken stop) => Tidy(stop);

    protected override void RoundFailed(Exception failure) => WebhookLog.NotTidied(logger, failure.Message);

    /// <summary>How many queues it was about.</summary>
    private async Task<int> GiveUp(CancellationToken stop)
    {
        var age = TimeSpan.FromHours(settings.GiveUpHours);
        var queues = await database.Execute(DeliverySql.GiveUp(Batch), stop, SqlValue.Of(age));
        await database.Execute(DeliverySql.DropEmptyQueues, stop);
        return queues;
    }

    private Task<int> Forget(CancellationToken stop) =>
        database.Execute(DeliverySql.Forget(Batch), stop, SqlValue.Of(TimeSpan.FromDays(settings.KeepDays)));
}
