namespace Fleet.Control.Platform.Cluster;

/// <summary>Wakes the one that waits for it. Many signs are one.</summary>
internal abstract class Signal : IDisposable
{
    private readonly SemaphoreSlim _set = new(0, 1);

    public void Set()
    {
        try
        {
            if (_set.CurrentCount == 0)
                _set.Release();
        }
        catch (SemaphoreFullException)
        {
            // somebody else said it at the same time
        }
    }

    public Task Wait(TimeSpan atMost, CancellationToken stop) => _set.WaitAsync(atMost, stop);

    public void Dispose() => _set.Dispose();
}
