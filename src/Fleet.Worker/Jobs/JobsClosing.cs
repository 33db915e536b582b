namespace Fleet.Worker.Jobs;

/// <summary>When this process is asked to stop, its attempts end first, while the bus can still tell of it.</summary>
internal sealed class JobsClosing(JobDesk desk, WorkerSettings settings) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => desk.Close(
        TimeSpan.FromSeconds(settings.StopGraceSeconds), TimeSpan.FromSeconds(settings.StopPatienceSeconds));
}
