using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Webhooks;

/// <summary>By the clock: gives up what could not be told for too long, and forgets what was settled long ago.</summary>
internal sealed class WebhookJanitor(
    NpgsqlDataSource database, Leadership leadership, WebhookSettings settings, TimeProvider clock,
    ILogger<WebhookJanitor> logger)
    : BackgroundService
{
    private const int Batch = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (leadership.IsMine)
                    await Tidy(stoppingToken);
            }
            catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
            {
                WebhookLog.NotTidied(logger, failure.Message);
            }
        }
    }

    /// <summary>How many lanes it was about.</summary>
    private async Task<int> GiveUp(CancellationToken stop)
    {
        await using var giveUp = With(DeliverySql.GiveUp(Batch), TimeSpan.FromHours(settings.GiveUpHours));
        var lanes = await giveUp.ExecuteNonQueryAsync(stop);
        await using var drop = database.CreateCommand(DeliverySql.DropEmptyLanes);
        await drop.ExecuteNonQueryAsync(stop);
        return lanes;
    }

    private async Task<int> Forget(CancellationToken stop)
    {
        await using var forget = With(DeliverySql.Forget(Batch), TimeSpan.FromDays(settings.KeepDays));
        return await forget.ExecuteNonQueryAsync(stop);
    }

    private NpgsqlCommand With(string sql, TimeSpan age)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = age });
        return command;
    }
}
