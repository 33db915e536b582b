using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Install;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Socket;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Reports;
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
        services.AddSingleton<AgentStore>();
        services.AddSingleton<IAgentDirectory>(provider => provider.GetRequiredService<AgentStore>());
        services.AddSingleton<UpstreamStore>();
        services.AddSingleton<ModelSearch>();
        services.AddSingleton<IModelDirectory, ModelDirectory>();
        services.AddSingleton<AgentSessions>();
        services.AddSingleton<AgentEvents>();
        services.AddSingleton(AgentEvents.Types);
        services.AddHostedService<AgentPresenceWatch>();
        services.AddSingleton<AgentTokens>();
        services.AddSingleton<AgentEnrolments>();
        services.AddSingleton<InstallScript>();
        services.AddSingleton<PendingAgents>();
        services.AddSingleton<JoinRequestLimiter>();
        services.AddSingleton<SessionRegistrar>();
        services.AddSingleton<AgentCutOff>();
        services.AddSingleton<BeatIntake>();
        services.AddSingleton<IAgentMessageHandler<AgentBeat>, RecordBeatsConsumer>();
        services.AddSingleton<IAgentMessageHandler<AgentUpstreams>, RecordUpstreamsConsumer>();
        services.AddSingleton<AgentOperations>();
        services.AddReceiveEndpointObserver<KeepAgentsOut>();
        builder.AddAgentSocket();
    }

    public static void AddAgentConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<RecordBeatsConsumer>();
        bus.AddConsumer<RecordUpstreamsConsumer>();
    }
}
