using System.Collections.Concurrent;
using MassTransit;
using MassTransit.Transports;

namespace Fleet.Hosting.Pulses;

/// <summary>
/// Knows the receive endpoints of the bus. One that gave up reconnecting (a refused login is enough) counts as started
/// for ever, even after its bus has stopped, and would be passed over when the bus starts again. Or it counts as
/// completed, when its last words came in another order: then it would be passed over when the bus stops, and keep the
/// bus from starting.
/// </summary>
internal sealed class EndpointStates(TimeProvider clock) : IReceiveEndpointObserver
{
    private readonly ConcurrentDictionary<ReceiveEndpoint, bool> _endpoints = new();
    private readonly ConcurrentDictionary<string, bool> _read = new();
    private readonly long _start = clock.GetTimestamp();

    /// <summary>How long ago the buses were made.</summary>
    public TimeSpan Age => clock.GetElapsedTime(_start);

    /// <summary>Queues that were read, if only for a while.</summary>
    public ICollection<string> Read => _read.Keys;

    /// <summary>The bus is about to stop: every endpoint is to be stopped, whatever it believes of itself.</summary>
    public void AllAreOn()
    {
        foreach (var endpoint in _endpoints.Keys.Where(endpoint => !endpoint.IsStarted()))
            endpoint.CurrentState = ReceiveEndpoint.State.Faulted;
    }

    /// <summary>The bus has stopped, and so has every one of its endpoints.</summary>
    public void AllAreOver()
    {
        foreach (var endpoint in _endpoints.Keys.Where(endpoint => endpoint.IsStarted()))
            endpoint.CurrentState = ReceiveEndpoint.State.Completed;
    }

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.IsStarted)
            _read[ready.InputAddress.AbsolutePath.Split('/')[^1]] = true;
        return Note(ready.ReceiveEndpoint);
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Note(faulted.ReceiveEndpoint);

    private Task Note(IReceiveEndpoint endpoint)
    {
        if (endpoint is ReceiveEndpoint known)
            _endpoints[known] = true;
        return Task.CompletedTask;
    }
}
