using Fleet.Control.Platform.Persistence;
using MassTransit;
using MassTransit.Context;
using MassTransit.Initializers;

namespace Fleet.Control.Platform.Outbox;

/// <summary>Where a lifecycle sends to: every send becomes a row of the unit's outbox.</summary>
internal sealed class OutboxEndpoint(Unit unit, Uri address, Guid about) : ISendEndpoint
{
    public Task Send<T>(T message, CancellationToken cancellationToken) where T : class
    {
        unit.Send(address, message, about);
        return Task.CompletedTask;
    }

    public async Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class
    {
        var context = new MessageSendContext<T>(message, cancellationToken) { DestinationAddress = address };
        await pipe.Send(context);
        unit.Send(address, message, about, context.MessageId);
    }

    public Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken) where T : class =>
        Send(message, (IPipe<SendContext<T>>)pipe, cancellationToken);

    public Task Send(object message, CancellationToken cancellationToken) =>
        Send(message, message.GetType(), cancellationToken);

    public Task Send(object message, Type messageType, CancellationToken cancellationToken)
    {
        unit.Send(address, message, about);
        return Task.CompletedTask;
    }

    public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        Send(message, message.GetType(), cancellationToken);

    public Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken) =>
        Send(message, messageType, cancellationToken);

    public async Task Send<T>(object values, CancellationToken cancellationToken) where T : class =>
        await Send((await MessageInitializerCache<T>.InitializeMessage(values, cancellationToken)).Message, cancellationToken);

    public Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken)
        where T : class => Send<T>(values, cancellationToken);

    public Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken)
        where T : class => Send<T>(values, cancellationToken);

    public ConnectHandle ConnectSendObserver(ISendObserver observer) =>
        throw new NotSupportedException("What a lifecycle sends is observed when the outbox delivers it.");
}
