using Fleet.Control.Platform.Outbox;
using MassTransit;
using MassTransit.Context;

namespace Fleet.Control.Platform.Persistence.Sagas;

/// <summary>
/// What a lifecycle sees while it handles a message: its row, the unit, and a scheduler whose timers are rows of the
/// unit. What it sends goes through the unit too: MassTransit's own sends would leave before the commit.
/// </summary>
internal sealed class UnitSagaContext<TSaga, TMessage>(UnitOfWork unit, ConsumeContext<TMessage> context, TSaga saga)
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
}
