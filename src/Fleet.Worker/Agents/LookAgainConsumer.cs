using Fleet.Contracts.Agents;
using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>Somebody misses a model.</summary>
internal sealed class LookAgainConsumer(UpstreamWatch watch) : IConsumer<LookAgain>
{
    public Task Consume(ConsumeContext<LookAgain> context)
    {
        watch.LookFor(context.Message.Ask);
        return Task.CompletedTask;
    }
}
