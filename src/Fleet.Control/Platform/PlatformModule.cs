using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Changes;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Outbox;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Commits;
using Fleet.Control.Platform.Persistence.Rows;
using Fleet.Control.Platform.Removal;
using Fleet.Control.Platform.Reports;
using Fleet.Control.Platform.Secrets;
using Fleet.Control.Platform.Upkeep;
using Fleet.Control.Platform.Work;
using Fleet.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Fleet.Control.Platform;

/// <summary>The engine that every slice stands on.</summary>
internal static class PlatformModule
{
    private const string NoLogin =
        "Rabbit:User and Rabbit:Password are needed: a user of the broker for Control alone; there is no default one.";

    public static void AddPlatform(this IHostApplicationBuilder builder)
    {
        builder.AddPersistence();
        builder.AddSettings<RabbitSettings>("Rabbit");
        builder.Services.AddOptions<RabbitSettings>()
            .Validate(rabbit => rabbit.User.Length > 0 && rabbit.Password.Length > 0, NoLogin);
        builder.AddSettings<LeaseSettings>("Leases");
        builder.AddSettings<DispatchSettings>("Dispatch");
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        AddCommits(services);
        AddOutbox(services);
        AddCluster(services);
        services.AddSingleton<IdempotentWork>();
        services.AddSingleton<IdempotentChange>();
        services.AddSingleton<Submissions.Submissions>();
        builder.AddSettings<BrokerSettings>("Broker");
        services.AddSingleton<AgentTopology>();
        services.AddSingleton<ManagementApi>();
        services.AddService<BrokerAlarms>();
        services.AddSingleton<BrokerRoll>();
        services.AddSingleton<BrokerUsers>();
        services.AddSingleton<AgentsChanged>();
        services.AddSingleton<AgentBudget>();
        services.AddSingleton<SenderQuota>();
        services.AddSingleton<DeadLetterBox>();
        services.AddHostedService<DeadLetterReader>();
        services.AddSingleton<ReportSender>();
        services.AddSingleton<ReportAcks>();
        services.AddSingleton<ReportIntake>();
        services.AddSingleton<IAgentMessageHandler<AgentReport>, ReportConsumer>();
        services.AddSingleton<AgentMessages>();
        services.AddSingleton<ReportsDue>();
        services.AddSingleton<IAgentsListener>(provider => provider.GetRequiredService<ReportsDue>());
        services.AddHostedService<ReportReader>();
        services.AddSingleton<IAgentChannel, BusAgentChannel>();
        services.AddSingleton<AgentQuestions>();
        services.AddSingleton<IRowStore, RowStore<ReportCursor>>();
        builder.AddSecrets();
        builder.AddWorkEngine();
        services.AddHostedService<Dispatcher>();
        services.AddHostedService<Janitor>();
        services.AddSingleton<ICommitListener, EngineMeters>();
        services.AddFleetHealth().AddCheck<DatabaseCheck>("database", tags: [FleetHealth.Decides])
            .AddCheck<BrokerAlarms>("broker", tags: [FleetHealth.Decides]);
    }

    private static void AddCommits(IServiceCollection services)
    {
        services.AddSingleton<PersistenceLog>();
        services.AddService<DatabaseClock>();
        services.AddSingleton<CommitWriter>();
        services.AddSingleton<DomainEventWriters>();
        services.AddSingleton<CommitNotices>();
        services.AddService<GroupCommit>();
        services.AddSingleton<JournalFeed>();
        services.AddSingleton<IOwnedData, OwnedJournal>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<JournalFeed>());
        services.AddChanges();
    }

    private static void AddOutbox(IServiceCollection services)
    {
        services.AddSingleton<OutboxLog>();
        services.AddSingleton<DeliveredRows>();
        services.AddSingleton<OutboxTimers>();
        services.AddSingleton<OutboxPublisher>();
        services.AddService<OutboxDelivery>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<OutboxDelivery>());
        services.AddHostedService<OutboxSweep>();
    }

    private static void AddCluster(IServiceCollection services)
    {
        services.AddSingleton<ClusterLog>();
        services.AddSingleton<DispatchLog>();
        services.AddSingleton<ControlIdentity>();
        services.AddService<Leadership>();
        services.AddService<Hearing>();
        services.AddSingleton<WorkSignal>();
        services.AddSingleton<ModelResidency>();
        services.AddSingleton<FreezeStore>();
        services.AddSingleton<RateLedger>();
        services.AddSingleton<SlotLedger>();
        services.AddSingleton<SaturatedKeys>();
        services.AddSingleton<Placement>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<Placement>());
        services.AddService<ClusterNotifier>();
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<ClusterNotifier>());
    }

    /// <summary>A background service that others talk to.</summary>
    private static void AddService<T>(this IServiceCollection services) where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
