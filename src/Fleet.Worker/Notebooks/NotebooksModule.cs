using Fleet.Worker.Agents.Questions;
using Fleet.Worker.Attempts;
using MassTransit;

namespace Fleet.Worker.Notebooks;

/// <summary>Attempts that are servers of notebooks, and the connections to them.</summary>
internal static class NotebooksModule
{
    public static void AddNotebooks(this IServiceCollection services)
    {
        services.AddSingleton<NotebookFiles>();
        services.AddSingleton<RunningNotebooks>();
        services.AddSingleton<TunnelShares>();
        services.AddSingleton<NotebookTunnels>();
        services.AddSingleton<IExecutor, NotebookExecutor>();
        services.AddSingleton<IAgentAnswer, PackagesAnswer>();
    }

    public static void AddNotebookConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<OpenTunnelConsumer>();
        bus.AddConsumer<PackWorkspaceConsumer>();
    }

    public static void UseNotebookConsumers(this IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConfigureConsumer<OpenTunnelConsumer>(context);
        endpoint.ConfigureConsumer<PackWorkspaceConsumer>(context);
    }
}
