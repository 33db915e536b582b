using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Sessions;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>Control has stored a beat: the lease is renewed.</summary>
internal sealed class BeatStoredConsumer(AgentSession session) : IConsumer<BeatStored>
{
    public Task Consume(ConsumeContext<BeatStored> context)
    {
        if (context.Message.Session == session.Id)
            session.Lease.Stored(context.Message.Number);
        return Task.CompletedTask;
    }
}
