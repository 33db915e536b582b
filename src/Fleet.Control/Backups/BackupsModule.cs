using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Alerts;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Backups.Snapshots;
using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Bulk;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Hosting;

namespace Fleet.Control.Backups;

/// <summary>Backups with restic: where to, of what, and whether they can be relied upon.</summary>
internal static class BackupsModule
{
    public static void AddBackups(this IHostApplicationBuilder builder)
    {
        builder.AddSettings<BackupSettings>("Backups");
        var services = builder.Services;
        services.AddWork<BackupFamily, BackupLifecycle, Backup>(
            [.. BackupKinds.All.Select(kind => new WorkKind(kind, Backup.FamilyName, BackupStreams.All, BackupStreams.Log))]);
        services.AddSingleton(new DomainEventTypes(Backup.FamilyName, WorkStates.AllWords));
        services.AddSingleton(AlertEvents.Types);
        services.AddSingleton<RepositoryTickets>();
        services.AddSingleton<RepositoryStore>();
        services.AddSingleton<IRepositoryAccess, RepositoryAccess>();
        services.AddSingleton<IRepositoryInventory, RepositoryInventory>();
        services.AddSingleton<IAgentRepositories, AgentRepositories>();
        services.AddSingleton<SourceGroupStore>();
        services.AddSingleton<SnapshotStore>();
        services.AddSingleton<ISnapshotAnswers, SnapshotAnswers>();
        services.AddSingleton<SnapshotReader>();
        services.AddSingleton<SnapshotBrowser>();
        services.AddSingleton<BackupRequests>();
        services.AddSingleton<ISubmission, BackupSubmission>();
        services.AddSingleton<AlertReasons>();
        services.AddSingleton<RepositoryKeyChange>();
        services.AddHostedService(provider => provider.GetRequiredService<RepositoryKeyChange>());
        services.AddHostedService<AlertWatch>();
    }

    public static void MapBackups(this WebApplication app)
    {
        var family = app.Services.GetRequiredService<BackupFamily>();
        app.MapWork<BackupView>(family).MapBackupSubmission();
        app.MapBulk(family);
        app.MapRestores();
        app.MapRepositories();
        app.MapAgentRepositories();
        app.MapSourceGroups();
        app.MapSnapshots();
        app.MapAlerts();
    }
}
