using Fleet.Worker.Platform;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>
/// Whenever this agent's queue is there (again), Control must hear of it: after the loss of a broker's data it binds
/// the exchange of this agent anew.
/// </summary>
internal sealed class EndpointWatch(AgentSession session) : IReceiveEndpointObserver
{
    public Task Ready(ReceiveEndpointReady ready)
    {
        session.RegistrationDue.Raise();
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;
}
