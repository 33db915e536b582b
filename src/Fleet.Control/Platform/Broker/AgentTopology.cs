using Fleet.Contracts.Agents;
using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What an agent speaks and hears through. Control declares it, because agents have no right to the exchanges beside
/// their own: the one for dead letters, and the one that everything they say goes on to. The exchange that a report
/// came through proves who sent it.
/// </summary>
internal sealed class AgentTopology(RabbitSettings rabbit, BrokerSettings settings) : IAsyncDisposable
{
    /// <summary>The queue and exchange of everything agents say.</summary>
    public const string Reports = "fleet-reports";

    private readonly BrokerChannels _channels = new(rabbit, settings.DeclareChannels);

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

    /// <summary>Nothing these agents say is heard any more, and what was still to be told to them is gone.</summary>
    public Task Remove(IEnumerable<string> agents, CancellationToken stop) => Within(async channel =>
    {
        foreach (var agent in agents)
        {
            await channel.ExchangeDeleteAsync(AgentAddress.Out(agent), ifUnused: false, cancellationToken: stop);
            await channel.QueueDeleteAsync(AgentAddress.Queue(agent), false, false, cancellationToken: stop);
            await channel.ExchangeDeleteAsync(AgentAddress.Queue(agent), ifUnused: false, cancellationToken: stop);
        }
    }, stop);

    public ValueTask DisposeAsync() => _channels.DisposeAsync();

    private static async Task BindOut(IChannel channel, string agent, CancellationToken stop)
    {
        var exchange = AgentAddress.Out(agent);
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.ExchangeBindAsync(Reports, exchange, routingKey: "", cancellationToken: stop);
    }

    private Task Within(Func<IChannel, Task> work, CancellationToken stop) => _channels.Within(async channel =>
    {
        await channel.ExchangeDeclareAsync(Reports, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await work(channel);
    }, stop);
}
