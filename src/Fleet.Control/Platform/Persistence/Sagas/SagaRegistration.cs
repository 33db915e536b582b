using MassTransit;
using MassTransit.Configuration;
using MassTransit.Saga;

namespace Fleet.Control.Platform.Persistence.Sagas;

/// <summary>Puts a lifecycle on the group commit store.</summary>
internal static class SagaRegistration
{
    public static void UseGroupCommit<TSaga>(this ISagaRepositoryRegistrationConfigurator<TSaga> store)
        where TSaga : class, ISaga, IVersionedRow =>
        store.RegisterSagaRepository<TSaga, UnitOfWork, SagaConsumeContextFactory<UnitOfWork, TSaga>, SagaStore<TSaga>>();
}
