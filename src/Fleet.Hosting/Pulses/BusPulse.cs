using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Proves by messages to oneself that this process sends and receives: connections have been seen dead for good while
/// every health check was content. When several rounds bring nothing although the broker works, the buses are built
/// anew; when that does not help, the process ends and leaves the rest to whoever starts it.
/// </summary>
internal sealed class BusPulse(
    PulseEar ear, BusSender sender, BrokerProbe broker, BusRevival revival, RabbitSettings settings, ILogger<BusPulse> log)
    : BackgroundService
{
    private const int MostMisses = 3;

    private readonly Guid _process = Guid.NewGuid();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(settings.PulseSeconds);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var misses = 0;
        var revivals = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var trouble = await Round(stoppingToken);
            misses = trouble is null ? 0 : misses + 1;
            revivals = trouble is null ? 0 : revivals;
            if (misses < MostMisses)
                continue;
            misses = 0;
            if (!await broker.Works(ear.Queues.First(), stoppingToken))
            {
                log.BrokerAway(trouble!);
                continue;
            }

            log.BusIsDead(trouble!, MostMisses);
            if (revivals++ > 0 || !await revival.Revive(stoppingToken))
            {
                revival.GiveUp();
                return;
            }
        }
    }

    /// <returns>What was missed, or null when everything was heard.</returns>
    private async Task<string?> Round(CancellationToken stop)
    {
        ear.TakeSilent();
        var sent = await Task.WhenAll(ear.Queues.Select(queue => TrySend(queue, stop)));
        await Task.Delay(_interval, stop);
        var silent = ear.TakeSilent();
        if (silent.Count > 0)
            return $"nothing arrives from {string.Join(", ", silent)}";
        return sent.All(went => went) ? null : "nothing can be sent";
    }

    private async Task<bool> TrySend(string queue, CancellationToken stop)
    {
        try
        {
            await sender.Tell(new Uri($"exchange:{queue}"), new Pulse(_process), stop);
            return true;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return false; // counted by the caller
        }
    }
}
