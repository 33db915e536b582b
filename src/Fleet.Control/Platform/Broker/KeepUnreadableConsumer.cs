using MassTransit;

namespace Fleet.Control.Platform.Broker;

/// <summary>Keeps the first of what an agent sent and nobody can read; the rest is counted.</summary>
internal sealed class KeepUnreadableConsumer(DeadLetterBox box, SenderQuota quota) : IConsumer<UnreadableMessage>
{
    public Task Consume(ConsumeContext<UnreadableMessage> context)
    {
        context.TryGetPayload(out RabbitMqBasicConsumeContext? delivery);
        if (!quota.Keeps(delivery?.Exchange))
            return Task.CompletedTask;
        var received = context.ReceiveContext;
        var letter = new LostMessage(
            received.InputAddress.AbsolutePath.Split('/')[^1],
            delivery?.Exchange,
            $"{delivery?.Exchange ?? "Somebody"} sent what cannot be read: {context.Message.Reason}",
            delivery?.Properties.MessageId,
            delivery?.Properties.ContentType);
        return box.Keep(letter, received.Body.GetBytes(), context.CancellationToken);
    }
}
