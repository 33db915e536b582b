using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Agents;

/// <summary>
/// Puts the broker in order whenever the queue of reports comes up, since it may have lost all it knew, or was away when
/// an agent was revoked: every known agent is heard again, every revoked one is cut off.
/// </summary>
internal sealed class KeepAgentsHeard(
    AgentShelf agents, AgentCutOff cutOff, AgentTopology topology, BrokerUsers users, ILogger<KeepAgentsHeard> logger)
    : IReceiveEndpointObserver
{
    public async Task Ready(ReceiveEndpointReady ready)
    {
        if (!ready.InputAddress.AbsolutePath.EndsWith(AgentTopology.Reports, StringComparison.Ordinal))
            return;
        try
        {
            await topology.Bind(await agents.Names(revoked: false, CancellationToken.None), CancellationToken.None);
            await cutOff.Run(await agents.Names(revoked: true, CancellationToken.None), CancellationToken.None);
            await users.LimitQueues(CancellationToken.None);
        }
        catch (Exception failure)
        {
            AgentLog.NotBound(logger, failure.Message); // agents register again when nobody hears them
        }
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
