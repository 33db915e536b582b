using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Fleet.Hosting.Stops;

/// <summary>
/// How a process stops without a client noticing: it says that it is not ready, goes on serving until those who hand it
/// requests have heard so, ends what would never end, and only then do its services stop.
/// </summary>
public sealed class Leaving(IOptions<StopSettings> settings, IHostApplicationLifetime life, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _over = new();
    private volatile bool _leaves;

    internal Probers Probers { get; } = new(clock);

    /// <summary>It was asked to stop.</summary>
    public bool HasBegun => _leaves || life.ApplicationStopping.IsCancellationRequested;

    /// <summary>Streams that have no end of their own end now; their watchers come back, to another process.</summary>
    public CancellationToken Over => _over.Token;

    internal async Task Leave(CancellationToken stop)
    {
        _leaves = true;
        var since = clock.GetTimestamp();
        try
        {
            var any = Probers.AreUntold();
            while (Probers.AreUntold() && clock.GetElapsedTime(since) < TimeSpan.FromSeconds(settings.Value.DrainSeconds))
                await Task.Delay(Look, clock, stop);
            if (any)
                await Task.Delay(TimeSpan.FromSeconds(settings.Value.SettleSeconds), clock, stop);
        }
        catch (OperationCanceledException)
        {
            // whoever stops it does not wait so long
        }

        await _over.CancelAsync();
    }

    public void Dispose() => _over.Dispose();
}
