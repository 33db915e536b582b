using Fleet.Control.Platform.Dispatch;
using Fleet.Hosting;
using MassTransit;

namespace Fleet.Control.Agents;

/// <summary>Hosts that do the work.</summary>
internal static class AgentsModule
{
    public static void AddAgents(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<AgentSettings>("Agents");
        var services = builder.Services;
        services.AddSingleton<AgentShelf>();
        services.AddSingleton<IAgentDirectory>(provider => provider.GetRequiredService<AgentShelf>());
        services.AddSingleton<UpstreamShelf>();
        services.AddSingleton<ModelSearch>();
        services.AddSingleton<IModelDirectory, ModelDirectory>();
        services.AddSingleton<AgentHellos>();
        services.AddSingleton<AgentNews>();
        services.AddSingleton(AgentNews.Types);
        services.AddHostedService<AgentPresenceWatch>();
        services.AddSingleton<AgentTokens>();
        services.AddSingleton<AgentEnrolments>();
        services.AddSingleton<PendingAgents>();
        services.AddSingleton<AnnouncementGate>();
        services.AddSingleton<AgentReception>();
        services.AddSingleton<AgentCutOff>();
        services.AddSingleton<AgentCare>();
        services.AddReceiveEndpointObserver<KeepAgentsHeard>();
    }

    public static void AddAgentConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RecordBeatsConsumer>();
        bus.AddConsumer<RecordUpstreamsConsumer>();
    }
}
