using System.Diagnostics.CodeAnalysis;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace Fleet.Control.Platform.Work.Lifecycles;

/// <summary>
/// An event of a lifecycle with its row in hand, as MassTransit's state machine sees it. There is no delivery behind it:
/// whatever would send or publish past the unit throws, and what a step sends or schedules goes through the unit.
/// </summary>
internal sealed class RaisedEvent<TRow, T>(UnitOfWork unit, TRow row, T message, Guid? token)
    : MissingConsumeContext, SagaConsumeContext<TRow, T>
    where TRow : class, ISaga
    where T : class
{
    private static readonly Headers NoHeaders = new DictionarySendHeaders(new Dictionary<string, object?>());

    private MessageSchedulerContext? _scheduler;

    public T Message => message;

    public TRow Saga => row;

    public bool IsCompleted { get; private set; }

    Guid? MessageContext.MessageId => null;

    Guid? MessageContext.CorrelationId => row.CorrelationId;

    Headers MessageContext.Headers { get; } = token is { } timer
        ? new DictionarySendHeaders(new Dictionary<string, object?> { [MessageHeaders.SchedulingTokenId] = timer.ToString("N") })
        : NoHeaders;

    CancellationToken PipeContext.CancellationToken => CancellationToken.None;

    ReceiveContext ConsumeContext.ReceiveContext => NoDelivery.Instance;

    SerializerContext ConsumeContext.SerializerContext => null!;

    public Task SetCompleted()
    {
        IsCompleted = true;
        return Task.CompletedTask;
    }

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => Task.CompletedTask;

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Task.CompletedTask;

    bool PipeContext.HasPayloadType(Type payloadType) =>
        payloadType == typeof(UnitOfWork) || payloadType == typeof(MessageSchedulerContext) || payloadType.IsInstanceOfType(this);

    bool PipeContext.TryGetPayload<TPayload>([NotNullWhen(true)] out TPayload? payload) where TPayload : class
    {
        payload = unit as TPayload ?? this as TPayload;
        if (payload is null && typeof(TPayload) == typeof(MessageSchedulerContext))
        {
            _scheduler ??= new ConsumeMessageSchedulerContext(this, _ => OutboxScheduler.For(unit, row.CorrelationId));
            payload = (TPayload)_scheduler;
        }

        return payload is not null;
    }

    TPayload PipeContext.GetOrAddPayload<TPayload>(PayloadFactory<TPayload> payloadFactory) where TPayload : class =>
        ((PipeContext)this).TryGetPayload<TPayload>(out var payload) ? payload : payloadFactory();

    TPayload PipeContext.AddOrUpdatePayload<TPayload>(
        PayloadFactory<TPayload> addFactory, UpdatePayloadFactory<TPayload> updateFactory) where TPayload : class =>
        addFactory();
}
