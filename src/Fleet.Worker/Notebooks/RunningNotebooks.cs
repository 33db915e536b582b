using System.Collections.Concurrent;

namespace Fleet.Worker.Notebooks;

/// <summary>The notebooks that run here now.</summary>
internal sealed class RunningNotebooks
{
    private readonly ConcurrentDictionary<(Guid Work, int Attempt), RunningNotebook> _all = new();

    public void Add(Guid work, int attempt, RunningNotebook notebook) => _all[(work, attempt)] = notebook;

    public void Remove(Guid work, int attempt) => _all.TryRemove((work, attempt), out _);

    /// <summary>Null when it does not run here, or not any more.</summary>
    public RunningNotebook? Find(Guid work, int attempt) => _all.GetValueOrDefault((work, attempt));
}
