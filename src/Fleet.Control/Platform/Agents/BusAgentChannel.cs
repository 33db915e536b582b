using Fleet.Contracts.Agents;
using Fleet.Hosting;

namespace Fleet.Control.Platform.Agents;

/// <summary>Agents that read their own queue of the broker.</summary>
internal sealed class BusAgentChannel(BusSender bus) : IAgentChannel
{
    public Task Send(string agent, object message, Guid messageId, CancellationToken stop) =>
        bus.Send(AgentAddress.ExchangeOf(agent), message, messageId, stop);

    public Task Tell(string agent, object message, CancellationToken stop) =>
        bus.Tell(AgentAddress.ExchangeOf(agent), message, stop);
}
