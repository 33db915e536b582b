using Fleet.Contracts.Attempts;
using MassTransit;

namespace Fleet.Worker.Attempts;

/// <summary>
/// Accepts attempts; the delivery is acknowledged when that is on disk. The work itself runs elsewhere: a broker ends
/// consumers that hold a delivery for long.
/// </summary>
internal sealed class RunAttemptsConsumer(AttemptDispatcher dispatcher) : IConsumer<RunAttempts>
{
    public Task Consume(ConsumeContext<RunAttempts> context) => dispatcher.Accept(context.Message.Attempts);
}
