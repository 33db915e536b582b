using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence.Commits;
using Fleet.Control.Platform.Removal;

namespace Fleet.Control.Platform.Changes;

/// <summary>The stream of all that changes.</summary>
internal static class ChangesModule
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<ChangeFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<ICommitListener>(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<IAgentsListener>(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddSingleton<IDomainEventWriter, ChangeWriter>();
        services.AddSingleton<ChangeKinds>();
        services.AddSingleton<IOwnedData, OwnedChanges>();
    }
}
