using System.Threading.Channels;

namespace Fleet.Worker.Platform;

/// <summary>
/// Says to one waiting loop that there is something to do; said twice before it looks, it looks once.
/// </summary>
internal sealed class Signal
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Raise() => _raised.Writer.TryWrite(true);

    /// <summary>Who is about to look anyway need not be told.</summary>
    public void Lower() => _raised.Reader.TryRead(out _);

    public async Task Wait(CancellationToken stop) => await _raised.Reader.ReadAsync(stop);

    /// <returns>True when it is raised, false when the time is over.</returns>
    public async Task<bool> Wait(TimeSpan longest, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(longest);
        try
        {
            await Wait(over.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
