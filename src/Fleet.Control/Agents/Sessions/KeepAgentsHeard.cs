using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Agents.Sessions;

/// <summary>
/// Puts the broker in order whenever the queue of reports comes up, since it may have lost all it knew, or was away when
/// an agent was revoked: every known agent is heard again, every revoked one is cut off.
/// </summary>
internal sealed class KeepAgentsHeard(
    AgentStore agents, AgentCutOff cutOff, AgentTopology topology, BrokerUsers users, ILogger<KeepAgentsHeard> logger)
    : IReceiveEndpointObserver
{
    public async Task Ready(ReceiveEndpointReady ready)
    {
        if (!ready.InputAddress.AbsolutePath.EndsWith(AgentTopology.Reports, StringComparison.Ordinal))
            return;
        await Try(BindEach);
        await Try(async () => await cutOff.Run(await agents.Names(revoked: true, CancellationToken.None), CancellationToken.None));
        await Try(() => users.LimitQueues(CancellationToken.None));
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    private async Task BindEach()
    {
        foreach (var agent in await agents.Names(revoked: false, CancellationToken.None))
            await Try(() => topology.Bind(agent, CancellationToken.None));
    }

    /// <summary>An agent can spoil what is its own, and must not keep the others from being put in order.</summary>
    private async Task Try(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure)
        {
            AgentLog.NotBound(logger, failure.Message); // agents register again when nobody hears them
        }
    }
}
