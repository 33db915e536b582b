using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents.Events;

/// <summary>Control has stored what happened on this host.</summary>
internal sealed class HostEventsStoredConsumer(OwedEvents owed, AgentSession session) : IConsumer<HostEventsStored>
{
    public Task Consume(ConsumeContext<HostEventsStored> context)
    {
        if (context.Message.Session == session.Id)
            owed.Confirm([.. context.Message.Keys]);
        return Task.CompletedTask;
    }
}
