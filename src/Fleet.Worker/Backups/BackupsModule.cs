using Fleet.Worker.Attempts;
using Fleet.Worker.Backups.Operations;
using Fleet.Worker.Backups.Questions;
using MassTransit;

namespace Fleet.Worker.Backups;

/// <summary>Attempts that are backups: operations of the host's restic.</summary>
internal static class BackupsModule
{
    public static void AddBackups(this IServiceCollection services)
    {
        services.AddSingleton<ResticProgram>();
        services.AddSingleton<ResticEnvironment>();
        services.AddSingleton<RepositoryClient>();
        services.AddSingleton<RepositoryTurns>();
        services.AddSingleton<SnapshotQuestions>();
        services.AddOperation<InitOperation>();
        services.AddOperation<BackupOperation>();
        services.AddOperation<ForgetOperation>();
        services.AddOperation<PruneOperation>();
        services.AddOperation<CheckOperation>();
        services.AddOperation<UnlockOperation>();
        services.AddOperation<RestoreOperation>();
        services.AddOperation<DiffOperation>();
    }

    public static void AddBackupConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<ReadSnapshotConsumer>();

    public static void UseBackupConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context) =>
        endpoint.ConfigureConsumer<ReadSnapshotConsumer>(context);

    private static void AddOperation<TOperation>(this IServiceCollection services) where TOperation : class, IResticOperation
    {
        services.AddSingleton<TOperation>();
        services.AddSingleton<IExecutor>(provider => ActivatorUtilities.CreateInstance<ResticExecutor>(
            provider, provider.GetRequiredService<TOperation>()));
    }
}
