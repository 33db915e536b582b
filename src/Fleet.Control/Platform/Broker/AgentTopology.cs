using Fleet.Contracts.Agents;
using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// Lets agents be heard: Control binds the exchange that an agent writes to onto the queue of reports. Agents have no
/// right to do so, and the exchange a report came through proves who sent it.
/// </summary>
internal sealed class AgentTopology(RabbitSettings settings) : IAsyncDisposable
{
    /// <summary>The queue and exchange of everything agents say.</summary>
    public const string Reports = "fleet-reports";

    private readonly SemaphoreSlim _gate = new(1);
    private IConnection? _connection;

    /// <summary>Declares and binds; repeating it changes nothing.</summary>
    public async Task Bind(IEnumerable<string> agents, CancellationToken stop)
    {
        await _gate.WaitAsync(stop);
        try
        {
            if (_connection is not { IsOpen: true })
                _connection = await settings.Open($"fleet-control@{Environment.MachineName} topology", stop);
            await using var channel = await _connection.CreateChannelAsync(cancellationToken: stop);
            await channel.ExchangeDeclareAsync(Reports, ExchangeType.Fanout, durable: true, cancellationToken: stop);
            foreach (var agent in agents)
            {
                var exchange = AgentAddress.Out(agent);
                await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: stop);
                await channel.ExchangeBindAsync(Reports, exchange, routingKey: "", cancellationToken: stop);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }
}
