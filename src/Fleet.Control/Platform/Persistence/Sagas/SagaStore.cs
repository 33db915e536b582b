using MassTransit;
using MassTransit.Saga;

namespace Fleet.Control.Platform.Persistence.Sagas;

/// <summary>
/// MassTransit's saga repository on group commit: a delivery of the bus joins the next commit and is acknowledged after
/// it. What happens inside a unit is raised on the lifecycle itself, past all of this.
/// </summary>
internal sealed class SagaStore<TSaga>(GroupCommit commits) : ISagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga, IVersionedRow
{
    public void Probe(ProbeContext context) => context.CreateFilterScope("group-commit");

    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next) where T : class
    {
        var id = context.CorrelationId
            ?? throw new InvalidOperationException($"{typeof(T).Name} names no {typeof(TSaga).Name}.");
        return commits.Run(
            [RowRef.Of<TSaga>(id)],
            joined => next.Send(new SagaStoreContext<TSaga, T>(joined, context)),
            waitsForDatabase: true,
            context.CancellationToken);
    }

    public Task SendQuery<T>(
        ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        throw new NotSupportedException($"{typeof(TSaga).Name} is found by its id, never by a query.");
}
