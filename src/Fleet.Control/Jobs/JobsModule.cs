using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs.Bulk;
using Fleet.Control.Jobs.Retention;
using Fleet.Control.Jobs.Search;
using Fleet.Control.Jobs.Views;
using Fleet.Control.Platform.Announcements;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Work;
using Fleet.Hosting;
using MassTransit;

namespace Fleet.Control.Jobs;

/// <summary>Work submitted by clients.</summary>
internal static class JobsModule
{
    /// <summary>The queue of commands to the lifecycle.</summary>
    public const string Queue = "fleet-jobs";

    public static void AddJobs(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddSettings<SearchSettings>("Search");
        services.AddSingleton<SearchDatabase>();
        services.AddSingleton<JobLanes>();
        services.AddSingleton<JobSearch>();
        services.AddSingleton<ViewShelf>();
        services.AddSingleton<JobFilters>();
        services.AddSingleton<JobShelf>();
        builder.AddSettings<BulkSettings>("Bulk");
        services.AddSingleton<BulkShelf>();
        services.AddSingleton<BulkStep>();
        services.AddSingleton<BulkSignal>();
        services.AddSingleton<IRowStore, RowStore<BulkRun>>();
        services.AddHostedService<BulkWorker>();
        services.AddSingleton<IWorkSource, JobQueue>();
        services.AddSingleton<JobAgents>();
        services.AddSingleton<JobModels>();
        services.AddSingleton<JobQueueFacts>();
        services.AddSingleton<JobStarts>();
        services.AddSingleton<JobEstimate>();
        services.AddSingleton<JobExplainer>();
        services.AddSingleton<IWorkDesk, JobDesk>();
        services.AddSingleton<IAttemptOwner, JobAttempts>();
        services.AddSingleton<IArtifactOwner, JobArtifacts>();
        services.AddSingleton<IRowStore, RowStore<Job>>();
        services.AddSingleton(new AnnouncedTypes(JobNews.Family, [.. JobWords.AllStates]));
        services.AddSingleton<IMessageGrouping>(new MessageGrouping<RunJob, RunJobs>(jobs => new RunJobs(jobs)));
        services.AddSingleton<JobLeaseWatch>();
        services.AddSingleton<ILeaseWatch>(provider => provider.GetRequiredService<JobLeaseWatch>());
        services.AddHostedService(provider => provider.GetRequiredService<JobLeaseWatch>());
        services.AddSingleton<JobRemoval>();
        builder.AddRetention();
        services.AddSingleton<JobOmissions>();
        services.AddHostedService<JobReconciler>();
    }

    private static void AddRetention(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<RetentionSettings>("Retention");
        builder.Services.AddSingleton<RetentionShelf>();
        builder.Services.AddSingleton<RetentionWalk>();
        builder.Services.AddSingleton<RetentionSweeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RetentionSweeper>());
    }

    /// <summary>The lifecycle, for the bus as for the mediator.</summary>
    public static void AddJobLifecycle(this IRegistrationConfigurator bus) =>
        bus.AddSagaStateMachine<JobLifecycle, Job>().Repository(store => store.UseGroupCommit());
}
