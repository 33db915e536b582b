using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>
/// When this agent's queue cannot be read, it may be gone. Only Control may make it anew, and does so whenever this agent
/// registers.
/// </summary>
internal sealed class EndpointWatch(AgentSession session) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted)
    {
        session.RegistrationDue.Raise();
        return Task.CompletedTask;
    }
}
