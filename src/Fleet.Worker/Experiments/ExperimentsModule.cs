using Fleet.Worker.Attempts;

namespace Fleet.Worker.Experiments;

/// <summary>Attempts that are runs of commits.</summary>
internal static class ExperimentsModule
{
    public static void AddExperiments(this IServiceCollection services)
    {
        services.AddSingleton<SnapshotClient>();
        services.AddSingleton<SnapshotStager>();
        services.AddSingleton<DatasetDownload>();
        services.AddSingleton<DatasetCache>();
        services.AddSingleton<DatasetFetcher>();
        services.AddSingleton<IExecutor, ExperimentExecutor>();
    }
}
