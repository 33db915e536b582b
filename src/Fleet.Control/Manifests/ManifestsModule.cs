using Fleet.Contracts.Agents;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Groups;
using Fleet.Control.Manifests.Kanade;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Manifests.RunResults;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Submissions;
using Fleet.Hosting;

namespace Fleet.Control.Manifests;

/// <summary>Commands that are declared once and run on many hosts, with results that anyone can search.</summary>
internal static class ManifestsModule
{
    public static void AddManifests(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<ManifestSettings>("Manifests");
        var services = builder.Services;
        services.AddSingleton<ManifestStore>();
        services.AddSingleton<RevocationStore>();
        services.AddSingleton<GroupStore>();
        services.AddSingleton<IRowStore, RowStore<Execution>>();
        services.AddSingleton<IRowStore, RowStore<ExecutionHost>>();
        services.AddSingleton<IWorkEndWriter, ExecutionEnds>();
        services.AddSingleton<AgentChoice>();
        services.AddSingleton<ExecutionPlanner>();
        services.AddSingleton<Confirmation>();
        services.AddSingleton<ExecutionStart>();
        services.AddSingleton<ExecutionStore>();
        services.AddSingleton<ExecutionStream>();
        services.AddSingleton<ExecutionOperations>();
        services.AddSingleton<ExecutionGroups>();
        services.AddSingleton<ISubmission, ExecutionSubmission>();
        services.AddSingleton<Reruns>();
        services.AddSingleton<Revoking>();
        services.AddSingleton<ResultStore>();
        services.AddSingleton<ResultSearch>();
        services.AddSingleton<RecurringStore>();
        services.AddSingleton<AgentRecords>();
        services.AddSingleton<FollowedEvents>();
        services.AddSingleton<IAgentMessageHandler<HostEventsSeen>, HostEventStore>();
        services.AddSingleton<RecurringDecisions>();
        services.AddSingleton<IDeclaredSchedules, RecurringListing>();
        services.AddKanade();
        services.AddHostedService<ExecutionRollout>();
        services.AddHostedService<RecurringRounds>();
        services.AddHostedService<ResultCleanup>();
    }

    public static void MapManifests(this IEndpointRouteBuilder routes)
    {
        routes.MapCatalogue();
        routes.MapScripts();
        routes.MapGroups();
        routes.MapExecutions();
        routes.MapRecurring();
        routes.MapResults();
        routes.MapKanade();
    }
}
