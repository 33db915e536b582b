using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Platform;

/// <summary>
/// Gives memory back to the host after a burst of work. The runtime keeps what it once took, and an agent that waits
/// should cost its host next to nothing.
/// </summary>
internal sealed class IdleTrim(WorkInHand work, WorkerSettings settings) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(settings.IdleTrimSeconds));
        var (seen, trimmed) = (0L, -1L);
        while (await clock.WaitForNextTickAsync(stoppingToken))
        {
            var isIdle = work.Accepted == seen && work.Names().Count == 0;
            seen = work.Accepted;
            if (!isIdle || trimmed == seen)
                continue;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            trimmed = seen;
        }
    }
}
