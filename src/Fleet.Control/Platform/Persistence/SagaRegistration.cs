using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Puts a lifecycle on the group commit store.</summary>
internal static class SagaRegistration
{
    public static void UseGroupCommit<TSaga>(this ISagaRepositoryRegistrationConfigurator<TSaga> store)
        where TSaga : class, ISaga, IVersionedRow =>
        store.RegisterSagaRepository<TSaga, Unit, SagaConsumeContextFactory<Unit, TSaga>, SagaStore<TSaga>>();
}
