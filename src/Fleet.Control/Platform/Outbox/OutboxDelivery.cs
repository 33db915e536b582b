using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;

namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// Delivers what commits of this process want to send, right after the commit. Each destination has one delivery
/// under way, so that its messages keep their order, and what gathers meanwhile leaves together.
/// </summary>
internal sealed class OutboxDelivery(OutboxPublisher publisher, OutboxTimers timers, OutboxLog log)
    : BackgroundService, ICommitListener
{
    private readonly ConcurrentDictionary<string, Channel<OutboxRow>> _destinations = new();
    private readonly CancellationTokenSource _stopped = new();

    public void Committed(UnitOfWork unit)
    {
        foreach (var row in unit.Sends)
        {
            if (row.IsTimer)
                timers.Expect(row.Delay);
            else
                Deliver(row);
        }
    }

    /// <summary>Takes over a row that is claimed by this process.</summary>
    public void Deliver(OutboxRow row) => _destinations.GetOrAdd(row.Destination, Open).Writer.TryWrite(row);

    public override void Dispose()
    {
        _stopped.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var _ = stoppingToken.Register(_stopped.Cancel);
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Channel<OutboxRow> Open(string destination)
    {
        var rows = Channel.CreateUnbounded<OutboxRow>(new UnboundedChannelOptions { SingleReader = true });
        Task.Run(() => Serve(destination, rows.Reader, _stopped.Token));
        return rows;
    }

    private async Task Serve(string destination, ChannelReader<OutboxRow> rows, CancellationToken stop)
    {
        var gathered = new List<OutboxRow>();
        while (await rows.WaitToReadAsync(stop))
        {
            gathered.Clear();
            while (gathered.Count < OutboxPublisher.MostTogether && rows.TryRead(out var row))
                gathered.Add(row);
            try
            {
                await publisher.PublishAll(destination, gathered, stop);
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                log.Postponed(gathered.Count, destination, failure.Message); // the sweep takes them when their claims run out
            }
        }
    }
}
