using MassTransit;
using MassTransit.Context;
using MassTransit.Saga;

namespace Fleet.Control.Platform.Persistence.Sagas;

/// <summary>Loads and saves the row of one message in a unit.</summary>
internal sealed class SagaStoreContext<TSaga, TMessage>(UnitOfWork unit, ConsumeContext<TMessage> context)
    : ConsumeContextScope<TMessage>(context, unit), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga, IVersionedRow
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _context = context;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) => Wrap(instance);

    public Task<SagaConsumeContext<TSaga, TMessage>> Insert(TSaga instance) => Wrap(instance);

    public async Task<SagaConsumeContext<TSaga, TMessage>> Load(Guid correlationId) =>
        await unit.Find<TSaga>(correlationId) is { } row ? await Wrap(row) : null!;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        unit.Add(context.Saga);
        return Task.CompletedTask;
    }

    public Task Update(SagaConsumeContext<TSaga> context)
    {
        unit.Change(context.Saga);
        return Task.CompletedTask;
    }

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        unit.Remove(context.Saga);
        return Task.CompletedTask;
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(
        ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode) where T : class =>
        Task.FromResult<SagaConsumeContext<TSaga, T>>(new UnitSagaContext<TSaga, T>(unit, consumeContext, instance));

    private Task<SagaConsumeContext<TSaga, TMessage>> Wrap(TSaga instance) =>
        CreateSagaConsumeContext(_context, instance, SagaConsumeContextMode.Load);
}
