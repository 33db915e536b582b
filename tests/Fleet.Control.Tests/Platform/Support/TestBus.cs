using System.Reflection;
using Fleet.Control.Tests.Support;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>
/// Both buses of a process on the broker that <c>FLEET_TEST_RABBITMQ</c> names, with one queue of their own.
/// </summary>
internal sealed class TestBus : IAsyncDisposable
{
    private readonly IHost _host;

    private TestBus(IHost host, TestLog log)
    {
        _host = host;
        Log = log;
    }

    public TestLog Log { get; }

    public BusSender Sender => _host.Services.GetRequiredService<BusSender>();

    public bool IsStopping =>
        _host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;

    /// <summary>What the process says of its queues to those who send it requests.</summary>
    public async Task<HealthStatus> Queues() =>
        (await _host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["queues"].Status;

    public static async Task<TestBus> Start(string queue, Action<RabbitSettings>? change = null)
    {
        var broker = new Uri(Environment.GetEnvironmentVariable("FLEET_TEST_RABBITMQ")
            ?? throw new InvalidOperationException("These tests need a RabbitMQ server: run ./compose/test.sh"));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var log = new TestLog();
        builder.Logging.AddProvider(log);
        var settings = new RabbitSettings
        {
            Host = broker.Host,
            Port = (ushort)broker.Port,
            SendTimeoutSeconds = 1,
            PulseSeconds = 1,
        };
        change?.Invoke(settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddFleetBus(
            queue,
            _ => { },
            (context, rabbit) => rabbit.ReceiveEndpoint(queue, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.QueueExpiration = TimeSpan.FromMinutes(1);
                endpoint.UsePulse(context, queue);
            }));
        var host = builder.Build();
        await host.StartAsync();
        return new TestBus(host, log);
    }

    /// <summary>
    /// Makes every publication on the present channels of a bus wait without end, as the client's own confirmation
    /// tracking does when a connection dies at the wrong moment.
    /// </summary>
    public Task Wedge<TBus>() where TBus : class, IBus
    {
        var instance = _host.Services.GetRequiredService<MassTransit.Transports.IBusInstance<TBus>>();
        var host = (IRabbitMqHostConfiguration)instance.HostConfiguration;
        return host.ConnectionContextSupervisor.Send(
            Pipe.Execute<ConnectionContext>(context => Wedge(context.Connection)), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static void Wedge(object connection)
    {
        var sessions = (System.Collections.IDictionary)Of(Of(connection, "_sessionManager"), "_sessionMap");
        foreach (var session in sessions.Values)
        {
            var channel = ((Delegate)session.GetType().GetProperty("CommandReceived")!.GetValue(session)!).Target!;
            ((SemaphoreSlim)Of(channel, "_confirmSemaphore")).Wait();
        }
    }

    private static object Of(object owner, string field)
    {
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(field, BindingFlags.Instance | BindingFlags.NonPublic) is { } found)
                return found.GetValue(owner)!;
        }

        throw new InvalidOperationException($"The client's {owner.GetType().Name} has no {field}.");
    }
}
