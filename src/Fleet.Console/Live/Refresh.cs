namespace Fleet.Console.Live;

/// <summary>
/// Does something again when it is asked to, one at a time and not more often than once in a while; what is asked meanwhile is
/// one more time.
/// </summary>
internal sealed class Refresh(Func<Task> act, TimeSpan rest, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private int _asked;
    private int _runs;

    public void Ask()
    {
        Volatile.Write(ref _asked, 1);
        if (Interlocked.Exchange(ref _runs, 1) == 0)
            _ = Run();
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    private async Task Run()
    {
        var stop = _over.Token;
        do
        {
            while (Interlocked.Exchange(ref _asked, 0) == 1 && !stop.IsCancellationRequested)
            {
                await act();
                await Task.Delay(rest, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            Volatile.Write(ref _runs, 0);
        }
        while (Volatile.Read(ref _asked) == 1 && Interlocked.Exchange(ref _runs, 1) == 0);
    }
}
