using Fleet.Control.Agents.Socket.Frames;
using Fleet.Control.Platform.Cluster;
using Fleet.Hosting;

namespace Fleet.Control.Agents.Socket;

/// <summary>Agents that can open port 443 and nothing else.</summary>
internal static class SocketModule
{
    public static void AddAgentSocket(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SocketSettings>("Sockets");
        var services = builder.Services;
        services.AddSingleton(provider => new SocketClock(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LargeMessages>();
        services.AddSingleton<ConnectionLimit>();
        services.AddSingleton<OpenSockets>();
        services.AddSingleton<IAgentsListener>(provider => provider.GetRequiredService<OpenSockets>());
        services.AddHostedService(provider => provider.GetRequiredService<OpenSockets>());
        services.AddSingleton<AgentQueues>();
        services.AddSingleton<CarriedJobs>();
        services.AddSingleton<AgentBriefing>();
        services.AddSingleton<AgentCommands>();
        services.AddSingleton<AgentWords>();
        services.AddSingleton<SocketReception>();
        services.AddSingleton<SocketServer>();
    }
}
