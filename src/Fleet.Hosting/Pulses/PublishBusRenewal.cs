using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Puts another bus in the place of the one that publishes. To stop that one and start it again is no cure: when a
/// connection dies at the wrong moment the client's publications can wait for each other without end, sends that time
/// out do not make MassTransit let go of such a channel, its stop waits for it as well, and a bus whose stop did not
/// end cannot be started.
/// </summary>
internal sealed class PublishBusRenewal(
    IBusInstance<IPublishBus> first, BusSender sender, BusHost host, ILoggerFactory loggers)
    : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IBusControl _current = first.BusControl;

    /// <summary>Returns when another bus has taken over; the former one is left to end as far as it can.</summary>
    public async Task Renew(CancellationToken stop)
    {
        LogContext.ConfigureCurrentLogContext(loggers);
        var next = Bus.Factory.CreateUsingRabbitMq(rabbit => rabbit.UseFleetHost(host, host.Publishing));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await next.StartAsync(patience.Token).WaitAsync(Patience, stop);
        sender.Use(next);
        _ = End(Interlocked.Exchange(ref _current, next));
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) =>
        _current == first.BusControl ? Task.CompletedTask : End(_current);

    private static async Task End(IBusControl bus)
    {
        using var patience = new CancellationTokenSource(Patience);
        await bus.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
