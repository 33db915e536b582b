using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Proves by messages to oneself that this process sends and receives: connections have been seen dead for good while
/// every health check was content. When several rounds bring nothing although the broker works, the buses are built
/// anew; when that does not help, the process ends and leaves the rest to whoever starts it.
/// </summary>
internal sealed class BusPulse(
    PulseObserver ear, BusSender sender, BrokerProbe broker, BusRestarter revival, RabbitSettings settings, ILogger<BusPulse> log)
    : BackgroundService
{
    /// <summary>Rounds until the bus that consumes is replaced: it may pause half a minute between its attempts.</summary>
    private const int MostMisses = 3;

    /// <summary>Rounds until the bus that publishes is replaced, which tries again every second.</summary>
    private const int MostSendMisses = 2;

    private const int MostRevivals = 2;

    private readonly Guid _process = Guid.NewGuid();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(settings.PulseSeconds);
    private readonly TimeSpan _patience = TimeSpan.FromSeconds(settings.SendTimeoutSeconds);
    private bool _hasHeard;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var misses = 0;
        var revivals = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await Round(stoppingToken) is not { } trouble)
            {
                (misses, revivals, _hasHeard) = (0, 0, true);
                continue;
            }

            if (!await broker.Works(ear.Queues.First(), stoppingToken))
            {
                log.BrokerAway(trouble.Sentence);
                misses = 0; // the buses come back by themselves when it does
                continue;
            }

            if (++misses < (trouble.Sends ? MostMisses : MostSendMisses)
                && !await IsCutOff(trouble, isFirst: revivals == 0, stoppingToken))
                continue;
            log.BusIsDead(trouble.Sentence, misses);
            misses = 0;
            if (revivals++ >= MostRevivals || !await Revive(trouble, stoppingToken))
            {
                revival.GiveUp();
                return;
            }
        }
    }

    /// <summary>
    /// Leases run out while nothing is heard. So the first replacement does not wait for more misses when the broker
    /// itself says that nobody reads what this process has read before.
    /// </summary>
    private async Task<bool> IsCutOff(Trouble trouble, bool isFirst, CancellationToken stop) =>
        isFirst && _hasHeard && trouble.Sends && !await broker.AreRead(trouble.Silent, stop);

    /// <summary>What kills one connection often kills the other, and while nothing can be sent, nothing shows that.</summary>
    private async Task<bool> Revive(Trouble trouble, CancellationToken stop) =>
        await revival.Revive(trouble.Sends, stop)
        && (trouble.Sends || await broker.AreRead(ear.Queues, stop) || await revival.Revive(sends: true, stop));

    /// <returns>What was missed, or null when everything was heard.</returns>
    private async Task<Trouble?> Round(CancellationToken stop)
    {
        ear.TakeSilent();
        var pause = Task.Delay(_interval, stop);
        var sent = await Task.WhenAll(ear.Queues.Select(queue => TrySend(queue, stop)));
        await pause;
        var silent = ear.TakeSilent();
        if (!sent.All(went => went))
            return new Trouble("nothing can be sent", Sends: false, silent);
        return silent.Count == 0
            ? null
            : new Trouble($"nothing arrives from {string.Join(", ", silent)}", Sends: true, silent);
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
    private sealed record Trouble(string Sentence, bool Sends, IReadOnlyList<string> Silent);
}
