using MassTransit;
using MassTransit.Saga;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// MassTransit's saga repository on group commit. Inside a unit the lifecycle handles its message at once; a delivery
/// of the bus joins the next commit and is acknowledged after it.
/// </summary>
internal sealed class SagaStore<TSaga>(GroupCommit commits) : ISagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga, IVersionedRow
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("group-commit");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        if (Unit.Current is { } unit)
            return next.Send(new SagaStoreContext<TSaga, T>(unit, context));
        var id = context.CorrelationId
            ?? throw new InvalidOperationException($"{typeof(T).Name} names no {typeof(TSaga).Name}.");
        return commits.Run(
            [Touch.Of<TSaga>(id)], joined => next.Send(new SagaStoreContext<TSaga, T>(joined, context)), patient: true);
    }

    public Task SendQuery<T>(
        ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        throw new NotSupportedException($"{typeof(TSaga).Name} is found by its id, never by a query.");
}
