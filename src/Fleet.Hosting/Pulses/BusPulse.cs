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
    private const int MostRevivals = 2;

    private readonly Guid _process = Guid.NewGuid();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(settings.PulseSeconds);
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(settings.SendTimeoutSeconds);

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
            if (!await broker.Works(ear.Queues.First(), stoppingToken))
            {
                log.BrokerAway(trouble!.Sentence);
                misses = 1; // when it is back, the buses get one more round to come back by themselves
                continue;
            }

            log.BusIsDead(trouble!.Sentence, misses);
            misses = 0;
            if (revivals++ >= MostRevivals || !await revival.Revive(trouble.Sends, stoppingToken))
            {
                revival.GiveUp();
                return;
            }
        }
    }

    /// <returns>What was missed, or null when everything was heard.</returns>
    private async Task<Trouble?> Round(CancellationToken stop)
    {
        ear.TakeSilent();
        var pause = Task.Delay(_interval, stop);
        var sent = await Task.WhenAll(ear.Queues.Select(queue => TrySend(queue, stop)));
        await pause;
        var silent = ear.TakeSilent();
        if (!sent.All(went => went))
            return new Trouble("nothing can be sent", Sends: false);
        return silent.Count > 0 ? new Trouble($"nothing arrives from {string.Join(", ", silent)}", Sends: true) : null;
    }

    /// <summary>Others may fill the room for sends: a pulse does not wait for them without end.</summary>
    private async Task<bool> TrySend(string queue, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_patience);
        try
        {
            await sender.Tell(new Uri($"exchange:{queue}"), new Pulse(_process), patience.Token);
            return true;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return false; // counted by the caller
        }
    }

    /// <param name="Sends">Whether it is not the sending that fails.</param>
    private sealed record Trouble(string Sentence, bool Sends);
}
