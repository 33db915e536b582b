using System.Collections.Concurrent;
using MassTransit;

namespace Fleet.Hosting.Pulses;

/// <summary>Knows which queues of this process were read, if only for a while.</summary>
internal sealed class EndpointStates(TimeProvider clock) : IReceiveEndpointObserver
{
    private readonly ConcurrentDictionary<string, bool> _read = new();
    private readonly long _start = clock.GetTimestamp();

    /// <summary>How long ago the buses were made.</summary>
    public TimeSpan Age => clock.GetElapsedTime(_start);

    public ICollection<string> Read => _read.Keys;

    public Task Ready(ReceiveEndpointReady ready)
    {
        if (ready.IsStarted)
            _read[ready.InputAddress.AbsolutePath.Split('/')[^1]] = true;
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
