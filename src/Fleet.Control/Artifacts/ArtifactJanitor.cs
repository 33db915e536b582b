using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Artifacts;

/// <summary>By the clock: deletes uploads that nobody finishes any more, and artifacts that were replaced.</summary>
internal sealed class ArtifactJanitor(
    ArtifactStore store, ArtifactSettings settings, TimeProvider clock, ILogger<ArtifactJanitor> log)
    : BackgroundService
{
    private const int AtOnce = 20;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(settings.SweepSeconds), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Sweep(stoppingToken);
            }
            catch (Exception away) when (DatabaseFailure.IsPassing(away))
            {
                ArtifactLog.SweepWaits(log, away.Message);
            }
        }
    }

    private async Task Sweep(CancellationToken stop)
    {
        foreach (var artifactId in await store.FindAbandoned(AtOnce, stop))
            await store.Erase(artifactId, stop);
    }
}
