using System.Collections.Concurrent;

namespace Fleet.Worker.Notebooks;

/// <summary>The servers of notebooks that run here now.</summary>
internal sealed class RunningNotebooks
{
    private readonly ConcurrentDictionary<(Guid Work, int Attempt), NotebookServer> _servers = new();

    public void Add(Guid work, int attempt, NotebookServer server) => _servers[(work, attempt)] = server;

    public void Remove(Guid work, int attempt) => _servers.TryRemove((work, attempt), out _);

    /// <summary>Null when it does not run here, or not any more.</summary>
    public NotebookServer? Find(Guid work, int attempt) => _servers.GetValueOrDefault((work, attempt));
}
