using Fleet.Control.Notebooks.Runs;
using Fleet.Control.Notebooks.Tunnels;
using Fleet.Control.Platform.Packets;
using Fleet.Hosting;

namespace Fleet.Control.Notebooks;

/// <summary>Notebooks: Jupyter servers on agents, reached through the edge.</summary>
internal static class NotebooksModule
{
    public static void AddNotebooks(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<NotebookSettings>("Notebooks");
        var services = builder.Services;
        services.AddHttpForwarder();
        services.AddSingleton<NotebookTokens>();
        services.AddSingleton<NotebookStore>();
        services.AddSingleton<NotebookPlaces>();
        services.AddSingleton<NotebookOperations>();
        services.AddSingleton<TunnelExchange>();
        services.AddSingleton<NotebookLinks>();
        services.AddSingleton<NotebookAccess>();
        services.AddSingleton<NotebookRuns>();
        services.AddSingleton<IPacketHandlers, NotebookOpcodes>();
    }

    public static void MapNotebooks(this WebApplication app)
    {
        app.MapNotebookRoutes();
        app.MapNotebookRuns();
        app.MapNotebookDoor();
        app.MapTunnels();
    }
}
