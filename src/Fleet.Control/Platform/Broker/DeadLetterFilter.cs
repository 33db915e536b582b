using MassTransit;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What becomes of a delivery whose handling failed: a dead letter with the reason. While the database is away the
/// delivery goes back to its queue.
/// </summary>
internal sealed class DeadLetterFilter(DeadLetterBox box, SenderQuota quota) : IFilter<ExceptionReceiveContext>
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letters");

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery);
        if (quota.Keeps(delivery?.Exchange))
            await Keep(context);
        await next.Send(context);
    }

    private Task Keep(ExceptionReceiveContext context)
    {
        var cause = context.Exception.GetBaseException();
        return box.Keep(
            context.InputAddress.AbsolutePath.Split('/')[^1],
            $"{cause.GetType().Name}: {cause.Message}",
            context.TransportHeaders.Get<string>(MessageHeaders.MessageId) ?? context.GetMessageId()?.ToString(),
            context.ContentType?.ToString(),
            context.Body.GetBytes(),
            context.CancellationToken);
    }
}
