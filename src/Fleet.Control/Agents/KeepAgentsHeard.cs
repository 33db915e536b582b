using Fleet.Control.Platform.Broker;
using MassTransit;

namespace Fleet.Control.Agents;

/// <summary>
/// Binds every known agent's exchange again whenever the queue of reports comes up: the broker may have lost all it
/// knew.
/// </summary>
internal sealed class KeepAgentsHeard(AgentShelf agents, AgentTopology topology, ILogger<KeepAgentsHeard> logger)
    : IReceiveEndpointObserver
{
    public async Task Ready(ReceiveEndpointReady ready)
    {
        if (!ready.InputAddress.AbsolutePath.EndsWith(AgentTopology.Reports, StringComparison.Ordinal))
            return;
        try
        {
            await topology.Bind(await agents.Names(CancellationToken.None), CancellationToken.None);
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
