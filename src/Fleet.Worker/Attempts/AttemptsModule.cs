using MassTransit;

namespace Fleet.Worker.Attempts;

/// <summary>Carries attempts, whatever their kind, from the command to run them to their confirmed end.</summary>
internal static class AttemptsModule
{
    public static void AddAttempts(this IServiceCollection services)
    {
        services.AddSingleton<IExecutor, NoopExecutor>();
        services.AddSingleton<Executors>();
        services.AddSingleton<ArtifactUploader>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<AttemptDispatcher>();
        services.AddHostedService<AttemptsClosing>();
    }

    /// <summary>Comes before the bus: what is owed must be in hand before the first heartbeat.</summary>
    public static void AddRecovery(this IServiceCollection services) => services.AddHostedService<Recovery>();

    public static void AddAttemptConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RunAttemptsConsumer>();
        bus.AddConsumer<StopAttemptConsumer>();
    }

    public static void UseAttemptConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConfigureConsumer<RunAttemptsConsumer>(context);
        endpoint.ConfigureConsumer<StopAttemptConsumer>(context);
    }
}
