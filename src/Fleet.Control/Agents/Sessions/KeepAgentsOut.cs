using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Agents.Sessions;

/// <summary>
/// Puts the broker in order whenever the queues come up, since it was perhaps away when an agent was revoked: every revoked
/// one is cut off.
/// </summary>
internal sealed class KeepAgentsOut(AgentStore agents, AgentCutOff cutOff, BrokerUsers users, ILogger<KeepAgentsOut> logger)
    : IReceiveEndpointObserver
{
    public async Task Ready(ReceiveEndpointReady ready)
    {
        if (!ready.InputAddress.AbsolutePath.EndsWith(AgentTopology.Reports, StringComparison.Ordinal))
            return;
        await Try(async () => await cutOff.Run(await agents.Names(revoked: true, CancellationToken.None), CancellationToken.None));
        await Try(() => users.LimitQueues(CancellationToken.None));
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    /// <summary>What cannot be done now is done when the queue comes up the next time.</summary>
    private async Task Try(Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure)
        {
            AgentLog.NotPutInOrder(logger, failure.Message);
        }
    }
}
