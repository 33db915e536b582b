using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// Since when this process hears agents. What they said before waits in the broker where no other Control heard it: they
/// are not silent for that, and work is not taken from them before they had a lease's time to be heard.
/// </summary>
internal sealed class Hearing(DatabaseClock clock) : IHostedService
{
    /// <summary>Long ago as long as the process was not started.</summary>
    public DateTimeOffset Since { get; set; }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Since = clock.Now;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
