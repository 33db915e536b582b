using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Puts a new bus in the place of a dead one. To stop that one and start it again is no cure: when a connection dies at
/// the wrong moment the client's publications can wait for each other without end, sends that time out do not make
/// MassTransit let go of such a channel, its stop waits for it as well, and a bus whose stop did not end cannot be
/// started.
/// </summary>
internal sealed class BusRestarter(
    BusRecipe recipe,
    IBusRegistrationContext context,
    IBusInstance<IPublishBus> firstPublishing,
    IBusControl firstConsuming,
    BusSender sender,
    IEnumerable<IReceiveEndpointObserver> observers,
    IHostApplicationLifetime host,
    ILoggerFactory loggers,
    ILogger<BusRestarter> log) : IHostedService
{
    private const int ExitSoftware = 70; // EX_SOFTWARE of sysexits.h

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private IBusControl? _publishing;
    private IBusControl? _consuming;

    /// <summary>False when no other bus can be started.</summary>
    /// <param name="sends">Sending works: it is the bus that consumes that is dead.</param>
    public async Task<bool> Revive(bool sends, CancellationToken stop)
    {
        try
        {
            LogContext.ConfigureCurrentLogContext(loggers);
            if (sends)
                await ReplaceConsuming(stop);
            else
                await ReplacePublishing(stop);
            log.Revived();
            return true;
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.NotRevived(failure.Message);
            return false;
        }
    }

    /// <summary>Ends the process, whatever hangs.</summary>
    public void GiveUp()
    {
        log.GivingUp();
        Environment.ExitCode = ExitSoftware;
        host.StopApplication();
        new Thread(Insist) { IsBackground = true, Name = "exit" }.Start();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Those that the process started with are ended by who started them.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        _publishing is { } publishing ? End(publishing) : Task.CompletedTask,
        _consuming is { } consuming ? End(consuming) : Task.CompletedTask);

    private async Task ReplacePublishing(CancellationToken stop)
    {
        var next = Bus.Factory.CreateUsingRabbitMq(rabbit => BusRecipe.MakePublishing(context, rabbit));
        await Start(next, stop);
        sender.Use(next);
        EndLater(Interlocked.Exchange(ref _publishing, next) ?? firstPublishing.BusControl);
    }

    private async Task ReplaceConsuming(CancellationToken stop)
    {
        var next = Bus.Factory.CreateUsingRabbitMq(rabbit => recipe.MakeConsuming(context, rabbit));
        foreach (var observer in observers)
            next.ConnectReceiveEndpointObserver(observer);
        EndLater(Interlocked.Exchange(ref _consuming, next) ?? firstConsuming);
        await Start(next, stop);
    }

    private static async Task Start(IBusControl bus, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await bus.StartAsync(patience.Token).WaitAsync(Patience, stop);
    }

    /// <summary>A dead bus ends as far as it can.</summary>
    private static void EndLater(IBusControl bus) => _ = End(bus);

    private static async Task End(IBusControl bus)
    {
        using var patience = new CancellationTokenSource(Patience / 3);
        await bus.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Insist()
    {
        host.ApplicationStopped.WaitHandle.WaitOne(2 * Patience);
        Environment.Exit(ExitSoftware);
    }
}
