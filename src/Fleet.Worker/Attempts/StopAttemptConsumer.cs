using Fleet.Contracts.Attempts;
using MassTransit;

namespace Fleet.Worker.Attempts;

/// <summary>Passes the wish to end an attempt on.</summary>
internal sealed class StopAttemptConsumer(AttemptDispatcher dispatcher) : IConsumer<StopAttempt>
{
    public Task Consume(ConsumeContext<StopAttempt> context)
    {
        dispatcher.Stop(context.Message);
        return Task.CompletedTask;
    }
}
