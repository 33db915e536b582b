using Fleet.Bench.Target;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace Fleet.Bench.References;

/// <summary>
/// MassTransit as it is fastest here: quorum queues, prefetch 512, 64 at once, at most 50 sends in flight. Its queues
/// and exchanges are named <c>bench-…</c> and deleted at the end.
/// </summary>
internal sealed class ReferenceBus : IAsyncDisposable
{
    private const int MostInFlight = 50;
    private const ushort Prefetch = 512;
    private const int Concurrency = 64;

    private readonly RabbitAddress _rabbit;
    private readonly IReadOnlyList<string> _queues;
    private readonly IHost _host;
    private readonly SemaphoreSlim _room = new(MostInFlight);

    private ReferenceBus(RabbitAddress rabbit, IReadOnlyList<string> queues, IHost host)
    {
        _rabbit = rabbit;
        _queues = queues;
        _host = host;
    }

    /// <param name="endpoints">Queue by name, and what reads it.</param>
    public static async Task<ReferenceBus> Start(
        RabbitAddress rabbit,
        IReadOnlyDictionary<string, Action<IReceiveEndpointConfigurator>> endpoints,
        CancellationToken stop)
    {
        await DeleteQueues(rabbit, endpoints.Keys); // a run that was killed may have left messages
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging
            .SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.UsingRabbitMq((_, config) =>
            {
                config.Host(rabbit.Host, rabbit.Port, rabbit.VirtualHost, "fleet-bench reference", host =>
                {
                    host.Username(rabbit.User);
                    host.Password(rabbit.Password);
                });
                foreach (var (queue, read) in endpoints)
                    config.ReceiveEndpoint(queue, endpoint => Configure(endpoint, read));
            });
        });
        var host = builder.Build();
        await host.StartAsync(stop);
        return new ReferenceBus(rabbit, [.. endpoints.Keys], host);
    }

    /// <summary>Returns when the broker has confirmed the message.</summary>
    public async Task Send<T>(string queue, T message) where T : class
    {
        await _room.WaitAsync();
        try
        {
            var bus = _host.Services.GetRequiredService<IBus>();
            var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{queue}"));
            await endpoint.Send(message);
        }
        finally
        {
            _room.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        _room.Dispose();
        await DeleteQueues(_rabbit, _queues);
    }

    private static void Configure(
        IRabbitMqReceiveEndpointConfigurator endpoint, Action<IReceiveEndpointConfigurator> read)
    {
        endpoint.SetQuorumQueue();
        endpoint.PrefetchCount = Prefetch;
        endpoint.ConcurrentMessageLimit = Concurrency;
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        read(endpoint);
    }

    private static async Task DeleteQueues(RabbitAddress rabbit, IEnumerable<string> queues)
    {
        var factory = new ConnectionFactory
        {
            HostName = rabbit.Host,
            Port = rabbit.Port,
            VirtualHost = rabbit.VirtualHost,
            UserName = rabbit.User,
            Password = rabbit.Password,
        };
        await using var connection = await factory.CreateConnectionAsync("fleet-bench clean-up");
        await using var channel = await connection.CreateChannelAsync();
        foreach (var queue in queues.SelectMany(name => new[] { name, $"{name}_error", $"{name}_skipped" }))
        {
            await channel.QueueDeleteAsync(queue, ifUnused: false, ifEmpty: false);
            await channel.ExchangeDeleteAsync(queue);
        }
    }
}
