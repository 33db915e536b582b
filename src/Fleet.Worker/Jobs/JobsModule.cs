using MassTransit;

namespace Fleet.Worker.Jobs;

/// <summary>Runs the attempts of jobs: child processes, calls of models, and the built-in <c>noop</c>.</summary>
internal static class JobsModule
{
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<AttemptEnvironment>();
        services.AddSingleton<ArtifactUploader>();
        services.AddSingleton<JobExecutor>();
        services.AddSingleton<ModelCallExecutor>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton<JobDesk>();
        services.AddHostedService<JobsClosing>();
    }

    /// <summary>Comes before the bus: what is owed must be in hand before the first heartbeat.</summary>
    public static void AddRecovery(this IServiceCollection services) => services.AddHostedService<Recovery>();

    public static void AddJobConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RunJobsConsumer>();
        bus.AddConsumer<StopJobConsumer>();
    }

    public static void UseJobConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConfigureConsumer<RunJobsConsumer>(context);
        endpoint.ConfigureConsumer<StopJobConsumer>(context);
    }
}
