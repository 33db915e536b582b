using Fleet.Control.Platform.Outbox;
using MassTransit;
using MassTransit.Context;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// What a lifecycle sees while it handles a message: its row, and sends and schedules that go into the unit, never
/// out of it.
/// </summary>
internal sealed class UnitSagaContext<TSaga, TMessage>(Unit unit, ConsumeContext<TMessage> context, TSaga saga)
    : ConsumeContextScope<TMessage>(
            context,
            unit,
            new ConsumeMessageSchedulerContext(context, _ => OutboxScheduler.For(unit, saga.CorrelationId))),
        SagaConsumeContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    public TSaga Saga => saga;

    public override Guid? CorrelationId => saga.CorrelationId;

    public bool IsCompleted { get; private set; }

    public Task SetCompleted()
    {
        IsCompleted = true;
        return Task.CompletedTask;
    }

    public override Task<ISendEndpoint> GetSendEndpoint(Uri address) =>
        Task.FromResult<ISendEndpoint>(new OutboxEndpoint(unit, address, saga.CorrelationId));
}
