using Fleet.Control.Platform.Dispatch;
using MassTransit;

namespace Fleet.Control.Agents;

/// <summary>Hosts that do the work.</summary>
internal static class AgentsModule
{
    public static void AddAgents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AgentShelf>();
        builder.Services.AddSingleton<IAgentDirectory>(services => services.GetRequiredService<AgentShelf>());
        builder.Services.AddReceiveEndpointObserver<KeepAgentsHeard>();
    }

    public static void AddAgentConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<RecordBeatsConsumer>();
}
