using System.Collections.Concurrent;
using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Backups;

namespace Fleet.Control.Tests.Agents.Socket.Support;

/// <summary>Repositories as far as connections of agents need them.</summary>
internal sealed class TestRepositories : IRepositoryAccess, IRepositoryInventory, IAgentRepositories, ISnapshotAnswers
{
    public ConcurrentQueue<(string Agent, string Repository, SnapshotsReport Report)> Lists { get; } = new();

    public ConcurrentQueue<(string Agent, string Repository, RepositoryStats Patch)> Patches { get; } = new();

    public ConcurrentDictionary<Guid, string> Answers { get; } = new();

    public ConcurrentDictionary<Guid, NoAnswer> Failures { get; } = new();

    public Task<RepositoryCredentials?> Open(string agent, string ticket, CancellationToken stop) => Task.FromResult(
        ticket is "everyday" or "admin"
            ? new RepositoryCredentials("rest:https://store/home", $"{ticket} password", new Dictionary<string, string>())
            : null);

    public Task<bool> Replace(string agent, string repository, SnapshotsReport report, CancellationToken stop)
    {
        Lists.Enqueue((agent, repository, report));
        return Task.FromResult(true);
    }

    public Task<bool> Apply(string agent, string repository, RepositoryStats patch, CancellationToken stop)
    {
        Patches.Enqueue((agent, repository, patch));
        return Task.FromResult(true);
    }

    /// <summary>What agents are told at their hello.</summary>
    public ConcurrentDictionary<string, AgentRepository> Known { get; } = new();

    public Task<IReadOnlyList<AgentRepository>> Of(string agent, CancellationToken stop) => Task.FromResult<IReadOnlyList<AgentRepository>>(
        Known.TryGetValue(agent, out var known) ? [known] : []);

    public Task<AgentSnapshots> Snapshots(string agent, CancellationToken stop) =>
        Task.FromResult(new AgentSnapshots([], null));

    public async Task<bool> Write(string agent, Guid question, Stream body, CancellationToken stop)
    {
        using var reader = new StreamReader(body);
        return Answers.TryAdd(question, await reader.ReadToEndAsync(stop));
    }

    public Task Fail(string agent, Guid question, NoAnswer why, CancellationToken stop)
    {
        Failures.TryAdd(question, why);
        return Task.CompletedTask;
    }
}
