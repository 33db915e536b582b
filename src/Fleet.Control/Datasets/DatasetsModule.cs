using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Packets;

namespace Fleet.Control.Datasets;

/// <summary>Data that runs need, registered by name.</summary>
internal static class DatasetsModule
{
    public static void AddDatasets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DatasetStore>();
        builder.Services.AddSingleton<IPacketHandlers, DatasetOpcodes>();
        builder.Services.AddSingleton<IDatasetCatalog>(provider => provider.GetRequiredService<DatasetStore>());
    }

    public static void MapDatasets(this WebApplication app) => app.MapDatasetRoutes();
}
