using Fleet.Contracts.Agents;
using Fleet.Hosting;
using RabbitMQ.Client;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What an agent speaks and hears through. Control declares it, because agents have no right to what is beside their own
/// exchanges: those for dead letters, and the queue in which what they say waits. Each agent has one of those, and it is
/// bounded, so that a flood fills the flooding agent's own. The exchange that a report came through proves who sent it.
/// </summary>
internal sealed class AgentTopology(RabbitSettings rabbit, BrokerSettings settings) : IAsyncDisposable
{
    /// <summary>
    /// A queue and exchange that all agents share: a Control that knows no queues of their own binds agents to it, so it is
    /// read too, and each agent is unbound from it as soon as a queue of its own is.
    /// </summary>
    public const string Reports = "fleet-reports";

    /// <summary>Of the queues of what one agent says.</summary>
    public const string ReportQueuePattern = @"^fleet-reports\.";

    private const string ReportsOf = Reports + ".";
    private const int MostReports = 1_000_000;
    private const long MostReportBytes = 4L * 1024 * 1024 * 1024;

    private static readonly TimeSpan UnreadFor = TimeSpan.FromDays(1);

    private readonly BrokerChannels _channels = new(rabbit, settings.DeclareChannels);

    /// <summary>Where what the agent says waits; no agent's name holds a full stop, so it is no other agent's.</summary>
    public static string ReportQueue(string agent) => ReportsOf + agent;

    /// <summary>All that an agent with a login at the broker needs there; repeating it changes nothing.</summary>
    public Task Declare(string agent, CancellationToken stop) => Within(async channel =>
    {
        await BindOut(channel, agent, stop);
        await DeclareQueue(channel, agent, stop);
    }, stop);

    /// <summary>The same for an agent that another process speaks for: it hears, and says nothing here.</summary>
    public Task DeclareSilent(string agent, CancellationToken stop) => Within(channel => DeclareQueue(channel, agent, stop), stop);

    /// <summary>What the agent said and nobody has read yet is gone.</summary>
    public Task DropReports(string agent, CancellationToken stop) =>
        Within(channel => channel.QueuePurgeAsync(ReportQueue(agent), stop), stop);

    /// <summary>Nothing these agents say is heard any more, and what was still to be told to them is gone.</summary>
    public Task Remove(IEnumerable<string> agents, CancellationToken stop) => Within(async channel =>
    {
        foreach (var agent in agents)
        {
            await channel.ExchangeDeleteAsync(AgentAddress.Out(agent), ifUnused: false, cancellationToken: stop);
            await channel.QueueDeleteAsync(ReportQueue(agent), false, false, cancellationToken: stop);
            await channel.QueueDeleteAsync(AgentAddress.Queue(agent), false, false, cancellationToken: stop);
            await channel.ExchangeDeleteAsync(AgentAddress.Queue(agent), ifUnused: false, cancellationToken: stop);
        }
    }, stop);

    public ValueTask DisposeAsync() => _channels.DisposeAsync();

    private static async Task DeclareQueue(IChannel channel, string agent, CancellationToken stop)
    {
        var queue = AgentAddress.Queue(agent);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, FleetBus.QueueArguments(heedsAgents: true), cancellationToken: stop);
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.QueueBindAsync(queue, queue, routingKey: "", cancellationToken: stop);
    }

    /// <summary>First bound, then unbound: meanwhile a message comes twice, and none is lost.</summary>
    private static async Task BindOut(IChannel channel, string agent, CancellationToken stop)
    {
        var (exchange, queue) = (AgentAddress.Out(agent), ReportQueue(agent));
        var arguments = FleetBus.QueueArguments(heedsAgents: true);
        arguments["x-max-length"] = MostReports; // what a queue is declared with never changes; the settings' bounds are a policy
        arguments["x-max-length-bytes"] = MostReportBytes;
        arguments["x-expires"] = (int)UnreadFor.TotalMilliseconds; // a Control that reads none of them leaves none to fill
        await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await channel.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, arguments, cancellationToken: stop);
        await channel.QueueBindAsync(queue, exchange, routingKey: "", cancellationToken: stop);
        await channel.ExchangeUnbindAsync(Reports, exchange, routingKey: "", cancellationToken: stop);
    }

    private Task Within(Func<IChannel, Task> work, CancellationToken stop) => _channels.Within(async channel =>
    {
        await channel.ExchangeDeclareAsync(Reports, ExchangeType.Fanout, durable: true, cancellationToken: stop);
        await work(channel);
    }, stop);
}
