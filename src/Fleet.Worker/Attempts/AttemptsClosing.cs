namespace Fleet.Worker.Attempts;

/// <summary>When this process is asked to stop, its attempts end first, while the bus can still tell of it.</summary>
internal sealed class AttemptsClosing(AttemptDispatcher dispatcher, WorkerSettings settings) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => dispatcher.Close(
        TimeSpan.FromSeconds(settings.StopGraceSeconds), TimeSpan.FromSeconds(settings.StopPatienceSeconds));
}
