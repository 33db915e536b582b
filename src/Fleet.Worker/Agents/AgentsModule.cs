using MassTransit;

namespace Fleet.Worker.Agents;

/// <summary>What this host says about itself.</summary>
internal static class AgentsModule
{
    public static void AddAgent(this IServiceCollection services)
    {
        services.AddSingleton<RegistrationClient>();
        services.AddSingleton<Enrolment>();
        services.AddSingleton<EndpointWatch>();
        services.AddHostedService<Registration>();
        services.AddHostedService<Heartbeat>();
        services.AddSingleton<UpstreamWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamWatch>());
    }

    public static void AddAgentConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ReportStoredConsumer>();
        bus.AddConsumer<BeatStoredConsumer>();
        bus.AddConsumer<LookAgainConsumer>();
    }

    public static void UseAgentConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConnectReceiveEndpointObserver(context.GetRequiredService<EndpointWatch>());
        endpoint.ConfigureConsumer<ReportStoredConsumer>(context);
        endpoint.ConfigureConsumer<BeatStoredConsumer>(context);
        endpoint.ConfigureConsumer<LookAgainConsumer>(context);
    }
}
