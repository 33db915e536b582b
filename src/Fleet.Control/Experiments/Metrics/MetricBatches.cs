using System.Threading.Channels;
using Npgsql;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>
/// Points that come one by one, stored together: while some are stored, the next ones gather. Whoever brought one waits until it is
/// stored; a lone one goes at once.
/// </summary>
internal sealed class MetricBatches(NpgsqlDataSource database, MetricStore store) : BackgroundService
{
    private const int MostWaiting = 20_000;
    private const int MostAtOnce = 2000;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Returns when it is stored; throws what the database threw.</summary>
    public async Task Add(Guid run, NamedPoint point, CancellationToken stop)
    {
        var one = new Waiting(run, point);
        await _waiting.Writer.WriteAsync(one, stop);
        await one.Stored.Task.WaitAsync(stop);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Waiting>();
        while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            batch.Clear();
            while (batch.Count < MostAtOnce && _waiting.Reader.TryRead(out var one))
                batch.Add(one);
            if (await TryStore(batch, stoppingToken) is { } failure)
                await Settle(batch, failure, stoppingToken);
        }
    }

    /// <summary>One that cannot be stored harms none of the others.</summary>
    private async Task Settle(List<Waiting> batch, Exception failure, CancellationToken stop)
    {
        foreach (var run in batch.GroupBy(one => one.Run))
        {
            var some = run.ToList();
            var why = some.Count == batch.Count ? failure : await TryStore(some, stop);
            if (why is not null)
                some.ForEach(one => one.Stored.TrySetException(why));
        }
    }

    private async Task<Exception?> TryStore(List<Waiting> batch, CancellationToken stop)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(stop);
            await using var transaction = await connection.BeginTransactionAsync(stop);
            await store.Add(connection, [.. batch.Select(one => (one.Run, one.Point))], stop);
            await transaction.CommitAsync(stop);
        }
        catch (Exception failure)
        {
            return failure;
        }

        batch.ForEach(one => one.Stored.TrySetResult());
        return null;
    }

    private sealed record Waiting(Guid Run, NamedPoint Point)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
