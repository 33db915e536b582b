using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>
/// When this agent's queue cannot be read, it may be gone. Only Control may make it anew, and does so whenever this agent
/// registers. Control also hears then why it cannot be read.
/// </summary>
internal sealed class EndpointWatch(AgentSession session, BrokerReach broker) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready)
    {
        broker.Reached();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        if (faulted.Exception is { } failure)
            broker.Failed(failure);
        session.RegistrationDue.Raise();
        return Task.CompletedTask;
    }
}
