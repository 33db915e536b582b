using System.Collections.Concurrent;
using Fleet.Hosting.Stops;

namespace Fleet.Control.Notebooks.Tunnels;

/// <summary>
/// The notebooks that are used through this Control, each with the connections it has. What nobody used for a while is let go, and
/// all of them when this Control leaves; what is under way on them goes on to its end.
/// </summary>
internal sealed class NotebookLinks : IDisposable
{
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(Guid Work, int Attempt), NotebookLink> _links = new();
    private readonly TunnelExchange _tunnels;
    private readonly NotebookSettings _settings;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenRegistration _leave;

    public NotebookLinks(TunnelExchange tunnels, NotebookSettings settings, TimeProvider clock, Leaving leaving)
    {
        (_tunnels, _settings, _clock) = (tunnels, settings, clock);
        _leave = leaving.Over.Register(LetGo);
    }

    /// <param name="notebook">One whose server runs.</param>
    public NotebookLink To(Notebook notebook)
    {
        var now = _clock.GetUtcNow();
        var link = _links.GetOrAdd(
            (notebook.Work, notebook.Attempt),
            key => new NotebookLink(_tunnels, notebook.Agent, key.Work, key.Attempt, _settings));
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
        _leave.Dispose();
        LetGo();
    }

    private void LetGo()
    {
        foreach (var key in _links.Keys)
        {
            if (_links.TryRemove(key, out var link))
                link.Dispose();
        }
    }
}
