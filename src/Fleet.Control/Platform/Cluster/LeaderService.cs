namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// What is done in rounds, on the Control that leads alone. A round that fails is told, and the next one tries again.
/// </summary>
/// <param name="interval">Between two rounds.</param>
internal abstract class LeaderService(Leadership leadership, TimeSpan interval, TimeProvider clock) : BackgroundService
{
    protected bool IsLeading => leadership.IsMine;

    protected TimeProvider Clock => clock;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Pause(interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                if (IsLeading)
                    await Round(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                RoundFailed(failure);
            }
        }
    }

    protected abstract Task Round(CancellationToken stop);

    protected abstract void RoundFailed(Exception failure);

    protected virtual Task Pause(TimeSpan atMost, CancellationToken stop) => Task.Delay(atMost, clock, stop);
}
