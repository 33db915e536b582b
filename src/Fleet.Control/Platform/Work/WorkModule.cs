using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Changes;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Persistence.Sagas;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Work.Attempts;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Explain;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Retention;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Platform.Work.Views;
using Fleet.Hosting;
using MassTransit;

namespace Fleet.Control.Platform.Work;

/// <summary>The engine of all work, and how a family of work joins it.</summary>
internal static class WorkModule
{
    public static void AddWorkEngine(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<WorkKinds>();
        services.AddSingleton<ILifecycles>(provider => provider.GetRequiredService<WorkKinds>());
        services.AddSingleton<WorkStore>();
        services.AddSingleton<WorkStatuses>();
        services.AddSingleton<WorkOperations>();
        services.AddSingleton<ModelLookup>();
        AddQueue(services);
        AddAttempts(services);
        builder.AddSearch();
        builder.AddBulk();
        builder.AddRetention();
    }

    /// <summary>A family: its lifecycle, its rows, and its kinds.</summary>
    public static void AddWork<TFamily, TLifecycle, TRow>(
        this IServiceCollection services, params WorkKind[] kinds)
        where TFamily : WorkFamily<TRow> where TLifecycle : WorkLifecycle<TRow> where TRow : WorkRow, new()
    {
        services.AddSingleton<TLifecycle>();
        services.AddSingleton(new WorkRowStore<TRow>());
        services.AddSingleton<IRowStore>(provider => provider.GetRequiredService<WorkRowStore<TRow>>());
        services.AddSingleton<TFamily>();
        services.AddSingleton<IWorkFamily>(provider => provider.GetRequiredService<TFamily>());
        if (WorkTables.OwnOf(typeof(TRow)) is { } table)
            services.AddSingleton<IOwnedData>(provider => ActivatorUtilities.CreateInstance<OwnedRows>(provider, table));
        foreach (var kind in kinds)
            services.AddSingleton(kind);
        services.AddSingleton(provider => LifecycleGraph.Of(kinds[0].Family, provider.GetRequiredService<TLifecycle>()));
        services.AddSingleton(new LifecycleEndpoint(
            $"fleet-{kinds[0].Family}s",
            bus => bus.AddSagaStateMachine<TLifecycle, TRow>().Repository(store => store.UseGroupCommit()),
            (endpoint, context) => endpoint.ConfigureSaga<TRow>(context)));
    }

    /// <summary>What is asked about work of all families.</summary>
    public static void MapWorkEngine(this IEndpointRouteBuilder routes)
    {
        routes.MapRetention();
        routes.MapViews();
        routes.MapBulkRuns();
        routes.MapChanges();
        routes.MapLifecycles();
    }

    private static void AddQueue(IServiceCollection services)
    {
        services.AddSingleton<RateStarts>();
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<QueueQueries>();
        services.AddSingleton<WorkAgents>();
        services.AddSingleton<StartEstimate>();
        services.AddSingleton<WorkExplainer>();
    }

    private static void AddAttempts(IServiceCollection services)
    {
        services.AddSingleton<IMessageGrouping>(
            new MessageGrouping<RunAttempt, RunAttempts>(attempts => new RunAttempts(attempts)));
        services.AddSingleton<IArtifactOwner, AttemptArtifacts>();
        services.AddSingleton<LeaseWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<LeaseWatch>());
        services.AddSingleton<WorkInvariants>();
        services.AddHostedService<WorkReconciler>();
    }

    private static void AddSearch(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<SearchSettings>("Search");
        builder.Services.AddSingleton<SearchDatabase>();
        builder.Services.AddSingleton<PendingDemands>();
        builder.Services.AddSingleton<WorkVocabulary>();
        builder.Services.AddSingleton<WorkSearch>();
        builder.Services.AddSingleton<ViewStore>();
        builder.Services.AddSingleton<FilterResolver>();
    }

    private static void AddBulk(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<BulkSettings>("Bulk");
        builder.Services.AddSingleton<BulkStore>();
        builder.Services.AddSingleton<BulkStep>();
        builder.Services.AddSingleton<BulkSignal>();
        builder.Services.AddSingleton<IRowStore, RowStore<BulkRun>>();
        builder.Services.AddHostedService<BulkWorker>();
    }

    private static void AddRetention(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<RetentionSettings>("Retention");
        builder.Services.AddSingleton<RetentionStore>();
        builder.Services.AddSingleton<RetentionWalk>();
        builder.Services.AddSingleton<WorkRemoval>();
        builder.Services.AddSingleton<RetentionSweeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RetentionSweeper>());
    }
}
