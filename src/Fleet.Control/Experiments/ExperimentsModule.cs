using Fleet.Control.Experiments.Attempts;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Experiments.Opcodes;
using Fleet.Control.Experiments.Runs;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Packets;
using Fleet.Control.Platform.Removal;
using Fleet.Hosting;

namespace Fleet.Control.Experiments;

/// <summary>Runs of commits: jobs of the kind <c>experiment</c>, why they were made, what they measured, and whether it held.</summary>
internal static class ExperimentsModule
{
    public static void AddExperiments(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ExperimentSettings>("Experiments");
        var services = builder.Services;
        services.AddSingleton<BlobStore>();
        services.AddSingleton<ArchiveReader>();
        services.AddSingleton<CommitStore>();
        services.AddSingleton<ICommitIntake, CommitIntake>();
        services.AddSingleton<IExperimentCatalog>(provider => provider.GetRequiredService<CommitStore>());
        services.AddSingleton<MetricStore>();
        services.AddSingleton<SeriesReader>();
        services.AddSingleton<RunStore>();
        services.AddSingleton<IOwnedData>(provider => provider.GetRequiredService<RunStore>());
        services.AddSingleton<RunRemoval>();
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunOperations>();
        services.AddSingleton<RunComparison>();
        services.AddSingleton<RunSearch>();
        services.AddSingleton<RunBundle>();
        services.AddSingleton<RunBundleFile>();
        services.AddSingleton<RunExport>();
        services.AddSingleton<Validation>();
        services.AddSingleton<MetricBatches>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricBatches>());
        services.AddSingleton<MetricJanitor>();
        services.AddHostedService(provider => provider.GetRequiredService<MetricJanitor>());
        services.AddSingleton<IPacketHandlers, RunOpcodes>();
        services.AddSingleton<IPacketHandlers, QueryOpcodes>();
        services.AddSingleton<IPacketHandlers, MetricOpcodes>();
    }

    public static void MapExperiments(this WebApplication app)
    {
        app.MapCommits();
        app.MapCommitFiles();
        app.MapExperimentAttempts();
        app.MapMetrics();
        app.MapRuns();
    }
}
