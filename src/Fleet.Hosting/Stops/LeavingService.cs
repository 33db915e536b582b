using Microsoft.Extensions.Hosting;

namespace Fleet.Hosting.Stops;

/// <summary>Lets the process leave before the first of its services stops, the server of HTTP above all.</summary>
internal sealed class LeavingService(Leaving leaving) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => leaving.Leave(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
