namespace Fleet.Control.Jobs.Bulk;

/// <summary>Says to the worker of this process that there is something to do, should it lead.</summary>
internal sealed class BulkSignal : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _set = new(0);

    public void Set() => _set.Release();

    /// <summary>At most a second: what another process was asked for is found by looking.</summary>
    public Task Wait(CancellationToken stop) => _set.WaitAsync(Interval, stop);

    public void Dispose() => _set.Dispose();
}
