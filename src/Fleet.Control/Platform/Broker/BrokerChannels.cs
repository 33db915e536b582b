using System.Collections.Concurrent;
using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// A connection for declarations, with a few channels that are kept open: agents that come together are served side by
/// side, in the order in which they came, and never more of them at once than there are channels.
/// </summary>
internal sealed class BrokerChannels(RabbitSettings settings, int most) : IAsyncDisposable
{
    private readonly SemaphoreSlim _free = new(most);
    private readonly SemaphoreSlim _opening = new(1);
    private readonly ConcurrentBag<IChannel> _idle = [];
    private IConnection? _connection;

    public async Task Within(Func<IChannel, Task> work, CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        try
        {
            var channel = await Take(stop);
            try
            {
                await work(channel);
            }
            catch
            {
                await channel.DisposeAsync(); // a refusal has closed it, and a broken off call leaves it in doubt
                throw;
            }

            _idle.Add(channel);
        }
        finally
        {
            _free.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _free.Dispose();
        _opening.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private async Task<IChannel> Take(CancellationToken stop)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsOpen)
                return idle;
            await idle.DisposeAsync();
        }

        return await (await Connection(stop)).CreateChannelAsync(cancellationToken: stop);
    }

    private async Task<IConnection> Connection(CancellationToken stop)
    {
        await _opening.WaitAsync(stop);
        try
        {
            if (_connection is { IsOpen: true } open)
                return open;
            if (_connection is not null)
                await _connection.DisposeAsync();
            return _connection = await settings.Open($"fleet-control@{Environment.MachineName} topology", stop);
        }
        finally
        {
            _opening.Release();
        }
    }
}
