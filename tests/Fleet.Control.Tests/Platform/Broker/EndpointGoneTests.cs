using System.Collections.Concurrent;
using System.Reflection;
using Fleet.Control.Tests.Platform.Support;
using Fleet.Control.Tests.Support;
using Fleet.Hosting;
using Fleet.Hosting.Pulses;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using IHost = Microsoft.Extensions.Hosting.IHost;

namespace Fleet.Control.Tests.Platform.Broker;

/// <summary>A queue that nobody reads any more is read again while the process runs on.</summary>
public sealed class EndpointGoneTests
{
    private readonly string _queue = $"test-{Guid.NewGuid():N}";
    private readonly Endpoints _endpoints = new();

    [Fact]
    public async Task An_endpoint_that_says_it_completed_is_started_again()
    {
        using var log = new TestLog();
        using var host = Build(log);
        await host.StartAsync();
        await Eventually.True(() => _endpoints.Reading.ContainsKey(_queue), "the queue is read");
        var endpoint = _endpoints.Reading[_queue];
        await TransportOf(endpoint).Stop();
        _endpoints.Reading.Clear();
        endpoint.CurrentState = ReceiveEndpoint.State.Completed; // as when it gave up before its consumer had ended
        await Eventually.True(() => _endpoints.Reading.ContainsKey(_queue), "the queue is read again");
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested
            .ShouldBeFalse(string.Join("\n", log.Lines));
        await host.StopAsync();
    }

    private static ReceiveTransportHandle TransportOf(ReceiveEndpoint endpoint)
    {
        var handle = typeof(ReceiveEndpoint).GetField("_handle", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(endpoint)!;
        return (ReceiveTransportHandle)handle.GetType().GetProperty("TransportHandle")!.GetValue(handle)!;
    }

    private IHost Build(TestLog log)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(log);
        var settings = TestBroker.Settings();
        settings.PulseSeconds = 2;
        builder.Services.AddSingleton(settings);
        builder.Services.AddFleetBus(
            _queue,
            _ => { },
            (context, rabbit) => rabbit.ReceiveEndpoint(_queue, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;
                endpoint.QueueExpiration = TimeSpan.FromMinutes(1);
                endpoint.UsePulse(context, _queue);
            }));
        builder.Services.AddReceiveEndpointObserver(_ => _endpoints);
        return builder.Build();
    }

    /// <summary>Who reads which queue.</summary>
    private sealed class Endpoints : IReceiveEndpointObserver
    {
        public ConcurrentDictionary<string, ReceiveEndpoint> Reading { get; } = new();

        public Task Ready(ReceiveEndpointReady ready)
        {
            if (ready.ReceiveEndpoint is ReceiveEndpoint endpoint)
                Reading[ready.InputAddress.AbsolutePath.Split('/')[^1]] = endpoint;
            return Task.CompletedTask;
        }

        public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

        public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

        public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
    }
}
