using Fleet.Contracts.Platform;
using MassTransit;

namespace Fleet.Control.Platform.Cluster;

/// <summary>Another Control process committed something.</summary>
internal sealed class HearWakesConsumer(Wakes wakes) : IConsumer<Woke>
{
    public Task Consume(ConsumeContext<Woke> context)
    {
        wakes.Heard(context.Message);
        return Task.CompletedTask;
    }
}
