using Fleet.Contracts.Platform;
using MassTransit;

namespace Fleet.Control.Platform.Cluster;

/// <summary>Another Control process committed something.</summary>
internal sealed class HearWakesConsumer(Wakes wakes, AgentsChanged agents, ControlIdentity self) : IConsumer<Woke>
{
    public Task Consume(ConsumeContext<Woke> context)
    {
        wakes.Heard(context.Message);
        if (context.Message.AgentsChanged && context.Message.From != self.Id)
            agents.Heard();
        return Task.CompletedTask;
    }
}
