using Fleet.Worker.Agents.Events;
using Fleet.Worker.Agents.Questions;
using Fleet.Worker.Agents.Schedules;
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
        services.AddSingleton<RecentLog>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<RecentLog>());
        services.AddSingleton<AgentAnswers>();
        services.AddSingleton<HeldSchedules>();
        services.AddSingleton<ScheduleWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<ScheduleWatch>());
        services.AddSingleton<LogonReader>();
        services.AddSingleton<OwedEvents>();
        services.AddHostedService<HostEventWatch>();
        services.AddSingleton<UpstreamWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<UpstreamWatch>());
    }

    public static void AddAgentConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ReportStoredConsumer>();
        bus.AddConsumer<BeatStoredConsumer>();
        bus.AddConsumer<LookAgainConsumer>();
        bus.AddConsumer<AskAgentConsumer>();
        bus.AddConsumer<HoldSchedulesConsumer>();
        bus.AddConsumer<FiresStoredConsumer>();
        bus.AddConsumer<HostEventsStoredConsumer>();
    }

    public static void UseAgentConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConnectReceiveEndpointObserver(context.GetRequiredService<EndpointWatch>());
        endpoint.ConfigureConsumer<ReportStoredConsumer>(context);
        endpoint.ConfigureConsumer<BeatStoredConsumer>(context);
        endpoint.ConfigureConsumer<LookAgainConsumer>(context);
        endpoint.ConfigureConsumer<AskAgentConsumer>(context);
        endpoint.ConfigureConsumer<HoldSchedulesConsumer>(context);
        endpoint.ConfigureConsumer<FiresStoredConsumer>(context);
        endpoint.ConfigureConsumer<HostEventsStoredConsumer>(context);
    }
}
