using MassTransit;

namespace Fleet.Control.Platform.Broker;

/// <summary>
/// What becomes of a delivery whose handling failed, or that nobody handles: a dead letter with the reason. While the
/// database is away the delivery goes back to its queue. Of what an agent sends, only so many an hour are kept.
/// </summary>
internal sealed class DeadLetterFilter(DeadLetterBox box, SenderQuota quota)
    : IFilter<ExceptionReceiveContext>, IFilter<ReceiveContext>
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("dead-letters");

    public async Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        var cause = context.Exception.GetBaseException();
        await Keep(context, $"{cause.GetType().Name}: {cause.Message}");
        context.GetOrAddPayload(() => new Kept());
        await next.Send(context);
    }

    public async Task Send(ReceiveContext context, IPipe<ReceiveContext> next)
    {
        if (!context.TryGetPayload<Kept>(out _) && !context.TryGetPayload<AgentBudget.Dropped>(out _)) // unread ones come by too
            await Keep(context, "Nothing on this queue handles messages of this type.");
        await next.Send(context);
    }

    private async Task Keep(ReceiveContext context, string reason)
    {
        context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery);
        if (!quota.Keeps(delivery?.Exchange))
            return;
        var letter = new LostMessage(
            context.InputAddress.AbsolutePath.Split('/')[^1],
            delivery?.Exchange,
            reason,
            context.TransportHeaders.Get<string>(MessageHeaders.MessageId) ?? context.GetMessageId()?.ToString(),
            context.ContentType?.ToString());
        await box.Keep(letter, context.Body.GetBytes(), context.CancellationToken);
    }

    /// <summary>Marks a delivery that is a dead letter already.</summary>
    private sealed class Kept;
}
