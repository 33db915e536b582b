using MassTransit;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What becomes of a delivery whose handling failed: a dead letter with the reason. While the database is away the
/// delivery goes back to its queue.
/// </summary>
internal sealed class DeadLetterFilter(DeadLetterBox box) : IFilter<ExceptionReceiveContext>
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letters");

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var cause = context.Exception.GetBaseException();
        var letter = new LostMessage(
            context.InputAddress.AbsolutePath.Split('/')[^1],
            context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery) ? delivery.Exchange : null,
            $"{cause.GetType().Name}: {cause.Message}",
            context.TransportHeaders.Get<string>(MessageHeaders.MessageId) ?? context.GetMessageId()?.ToString(),
            context.ContentType?.ToString());
        await box.Keep(letter, context.Body.GetBytes(), context.CancellationToken);
        await next.Send(context);
    }
}
