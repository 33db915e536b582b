using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fleet.Worker.Backups;

/// <summary>
/// Has attempts list and tell one after the other what is in a repository: an older list never takes the place of a newer. A
/// cache: losing it costs figures that are counted once more.
/// </summary>
internal sealed class RepositoryTurns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = [];
    private readonly ConcurrentDictionary<string, long> _counted = [];

    public async Task Take(string repository, Func<Task> work)
    {
        var turn = _turns.GetOrAdd(repository, _ => new SemaphoreSlim(1));
        await turn.WaitAsync();
        try
        {
            await work();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Whether its figures were not counted lately; from now on they were.</summary>
    public bool IsDue(string repository, double everySeconds)
    {
        if (_counted.TryGetValue(repository, out var at) && Stopwatch.GetElapsedTime(at).TotalSeconds < everySeconds)
            return false;
        _counted[repository] = Stopwatch.GetTimestamp();
        return true;
    }
}
