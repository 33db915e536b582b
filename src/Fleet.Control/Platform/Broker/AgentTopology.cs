using Fleet.Contracts.Agents;
using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What an agent speaks and hears through. Control declares it, because agents have no right to the exchanges beside
/// their own: the one for dead letters, and the one that everything they say goes on to. The exchange that a report
/// came through proves who sent it.
/// </summary>
internal sealed class AgentTopology(RabbitSettings settings) : IAsyncDisposable
{
    /// <summary>The queue and exchange of everything agents say.</summary>
    public const string Reports = "fleet-reports";

    private readonly SemaphoreSlim _gate = new(1);
    private IConnection? _connection;

    /// <summary>The queue that the agent reads and the exchange it writes to; repeating it changes nothing.</summary>
    public Task Declare(string agent, CancellationToken stop) => Within(async channel =>
    {
        await BindOut(channel, agent, stop);
        var queue = AgentAddress.Queue(agent);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, FleetBus.QueueArguments(heedsAgents: true), cancellationToken: stop);
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.QueueBindAsync(queue, queue, routingKey: "", cancellationToken: stop);
    }, stop);

    /// <summary>Lets the agent be heard (again).</summary>
    public Task Bind(string agent, CancellationToken stop) => Within(channel => BindOut(channel, agent, stop), stop);

    /// <summary>Nothing the agent says is heard any more, and what was still to be told to it is gone.</summary>
    public Task Remove(string agent, CancellationToken stop) => Within(async channel =>
    {
        await channel.ExchangeDeleteAsync(AgentAddress.Out(agent), ifUnused: false, cancellationToken: stop);
        await channel.QueueDeleteAsync(AgentAddress.Queue(agent), false, false, cancellationToken: stop);
        await channel.ExchangeDeleteAsync(AgentAddress.Queue(agent), ifUnused: false, cancellationToken: stop);
    }, stop);

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private static async Task BindOut(IChannel channel, string agent, CancellationToken stop)
    {
        var exchange = AgentAddress.Out(agent);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.ExchangeBindAsync(Reports, exchange, routingKey: "", cancellationToken: stop);
    }

    private async Task Within(Func<IChannel, Task> work, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            if (_connection is not { IsOpen: true })
                _connection = await settings.Open($"fleet-control@{Environment.MachineName} topology", stop);
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: stop);
            await channel.ExchangeDeclareAsync(Reports, ExchangeType.Fanout, durable: true, cancellationToken: stop);
            await work(channel);
        }
        finally
        {
            _gate.Release();
        }
    }
}
