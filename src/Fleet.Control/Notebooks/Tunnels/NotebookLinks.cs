using System.Collections.Concurrent;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>
/// The notebooks that are used through this Control, each with the connections it has. What nobody used for a while is let go; what
/// is under way on it goes on to its end.
/// </summary>
internal sealed class NotebookLinks(TunnelExchange tunnels, NotebookSettings settings, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(Guid Work, int Attempt), NotebookLink> _links = new();

    /// <param name="notebook">One whose server runs.</param>
    public NotebookLink To(Notebook notebook)
    {
        var now = clock.GetUtcNow();
        var link = _links.GetOrAdd(
            (notebook.Work, notebook.Attempt),
            key => new NotebookLink(tunnels, notebook.Agent, key.Work, key.Attempt, settings));
        link.UsedAt = now;
        foreach (var (key, other) in _links)
        {
            if (now - other.UsedAt > Unused && _links.TryRemove(key, out _))
                other.Dispose();
        }

        return link;
    }

    public void Dispose()
    {
        foreach (var link in _links.Values)
            link.Dispose();
    }
}
