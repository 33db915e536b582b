using Fleet.Worker.Platform.Isolation;

namespace Fleet.Worker.Platform.Processes;

/// <summary>Where attempts have no group of their own to be known by, who got away from them is adopted.</summary>
internal sealed class Adoption(JobUsers users) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!users.Switches)
            OwnChildren.Adopt();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
