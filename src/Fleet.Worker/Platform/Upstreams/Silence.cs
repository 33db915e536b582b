namespace Fleet.Worker.Platform.Upstreams;

/// <summary>Bounds each wait for an upstream, and not the whole call: who is slow but speaks is left alone.</summary>
internal sealed class Silence(string upstream, TimeSpan longest, CancellationToken stop) : IDisposable
{
    private readonly CancellationTokenSource _over = CancellationTokenSource.CreateLinkedTokenSource(stop);

    public string Upstream => upstream;

    /// <exception cref="UpstreamException">The time is over.</exception>
    public async Task<T> Listen<T>(Func<CancellationToken, Task<T>> wait)
    {
        _over.CancelAfter(longest);
        try
        {
            return await wait(_over.Token);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw UpstreamException.Silent(upstream, longest);
        }
        finally
        {
            if (!_over.IsCancellationRequested)
                _over.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _over.Dispose();
}
