using System.Collections.Concurrent;
using System.Reflection;
using Fleet.Control.Tests.Support;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using MassTransit;
using MassTransit.RabbitMqTransport;
using MassTransit.RabbitMqTransport.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

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
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var log = new TestLog();
        builder.Logging.AddProvider(log);
        var settings = TestBroker.Settings();
        (settings.SendTimeoutSeconds, settings.PulseSeconds) = (1, 1);
        change?.Invoke(settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ConcurrentDictionary<Guid, TaskCompletionSource>>();
        builder.Services.AddFleetBus(
            queue,
            bus => bus.AddConsumer<TestWordConsumer>(),
            (context, rabbit) => rabbit.ReceiveEndpoint(queue, endpoint =>
            {
                endpoint.UseAgentQueue(prefetch: 16, concurrency: 4);
                endpoint.QueueExpiration = TimeSpan.FromMinutes(1);
                endpoint.ConfigureConsumer<TestWordConsumer>(context);
                endpoint.UsePulse(context, queue);
            }));
        var host = builder.Build();
        await host.StartAsync();
        return new TestBus(host, log);
    }

    /// <summary>Whether a message to the own queue arrives within a second.</summary>
    public async Task<bool> Hears(string queue)
    {
        var word = new TestWord(Guid.NewGuid());
        var heard = _host.Services.GetRequiredService<ConcurrentDictionary<Guid, TaskCompletionSource>>()
            .GetOrAdd(word.Id, _ => new TaskCompletionSource());
        try
        {
            await Sender.Send(new Uri($"exchange:{queue}"), word, word.Id, CancellationToken.None);
        }
        catch (Exception unsent) when (unsent is TimeoutException or MessageReturnedException)
        {
            return false;
        }

        return await Task.WhenAny(heard.Task, Eventually.Silence(TimeSpan.FromSeconds(1))) == heard.Task;
    }

    /// <summary>Sends what nobody can read, and returns when the queue is rid of it.</summary>
    public async Task Garble(string queue)
    {
        var settings = _host.Services.GetRequiredService<RabbitSettings>();
        await using var connection = await settings.Open("garbler", CancellationToken.None);
        await using var channel = await connection.CreateChannelAsync();
        await channel.BasicPublishAsync(queue, "", mandatory: false, new BasicProperties(), "{no json"u8.ToArray());
        await Eventually.True(() => Log.Lines.Count(line => line.Contains("T-FAULT")) > 20, "it is given up");
    }

    /// <summary>
    /// Makes every publication on the present channels of a bus wait without end, as the client's own confirmation
    /// tracking does when a connection dies at the wrong moment.
    /// </summary>
    public Task Wedge() =>
        OnChannels<IPublishBus>(channel => ((SemaphoreSlim)Of(channel, "_confirmSemaphore")).Wait());

    /// <summary>Makes the present channels of the bus that consumes drop whatever is delivered.</summary>
    public Task Deafen() => OnChannels<IBus>(channel =>
    {
        var dispatcher = Of(channel, "ConsumerDispatcher");
        dispatcher.GetType().GetMethod("Quiesce")!.Invoke(dispatcher, null);
    });

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private Task OnChannels<TBus>(Action<object> harm) where TBus : class, IBus
    {
        var instance = _host.Services.GetServices<MassTransit.Transports.IBusInstance>()
            .First(bus => bus.InstanceType == typeof(TBus));
        var host = (IRabbitMqHostConfiguration)instance.HostConfiguration;
        return host.ConnectionContextSupervisor.Send(
            Pipe.Execute<ConnectionContext>(context => OnChannels(context.Connection, harm)), CancellationToken.None);
    }

    private static void OnChannels(object connection, Action<object> harm)
    {
        var sessions = (System.Collections.IDictionary)Of(Of(connection, "_sessionManager"), "_sessionMap");
        foreach (var session in sessions.Values)
            harm(((Delegate)Of(session, "CommandReceived")).Target!);
    }

    private static object Of(object owner, string name)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            if ((type.GetField(name, Any)?.GetValue(owner) ?? type.GetProperty(name, Any)?.GetValue(owner)) is { } found)
                return found;
        }

        throw new InvalidOperationException($"The client's {owner.GetType().Name} has no {name}.");
    }
}

/// <summary>Something to hear.</summary>
public sealed record TestWord(Guid Id);

/// <summary>Notes what was heard.</summary>
public sealed class TestWordConsumer(ConcurrentDictionary<Guid, TaskCompletionSource> heard) : IConsumer<TestWord>
{
    public Task Consume(ConsumeContext<TestWord> context)
    {
        heard.GetOrAdd(context.Message.Id, _ => new TaskCompletionSource()).TrySetResult();
        return Task.CompletedTask;
    }
}
