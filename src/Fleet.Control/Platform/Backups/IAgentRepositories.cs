using Fleet.Contracts.Backups;

namespace Fleet.Control.Platform.Backups;

/// <summary>What agents have to do with repositories, for those who speak for them.</summary>
internal interface IAgentRepositories
{
    /// <summary>The repositories that the agent backs up to, with what opens them; the one it uses most is the last.</summary>
    Task<IReadOnlyList<AgentRepository>> Of(string agent, CancellationToken stop);

    /// <summary>The snapshots that are known of the agent's host, newest first.</summary>
    Task<AgentSnapshots> Snapshots(string agent, CancellationToken stop);
}

/// <summary>A repository, as an agent that cannot ask for credentials is told of it.</summary>
/// <param name="Id">On the wire.</param>
/// <param name="Admin">Of the slot that may remove; null where there is none.</param>
internal sealed record AgentRepository(string Id, RepositoryCredentials Everyday, RepositoryCredentials? Admin);

/// <param name="RefreshedAt">When an agent told of them last; null if none did.</param>
internal sealed record AgentSnapshots(IReadOnlyList<ReportedSnapshot> Snapshots, DateTimeOffset? RefreshedAt);
