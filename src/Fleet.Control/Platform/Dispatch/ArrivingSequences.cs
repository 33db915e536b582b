namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Sequences of which work is in units that are not committed: the database does not know it yet, and later work of the
/// sequence must not pass it.
/// </summary>
internal sealed class ArrivingSequences
{
    private readonly Dictionary<Guid, HashSet<Guid>> _work = [];

    public void Enter(IEnumerable<ReadyWork> arriving)
    {
        lock (_work)
        {
            foreach (var work in arriving)
            {
                if (work.Keys.Sequence is not { } sequence)
                    continue;
                if (!_work.TryGetValue(sequence, out var all))
                    _work[sequence] = all = [];
                all.Add(work.Id);
            }
        }
    }

    /// <summary>Whether nothing else of the sequence is arriving.</summary>
    public bool IsAlone(Guid sequence)
    {
        lock (_work)
            return _work.GetValueOrDefault(sequence)?.Count == 1;
    }

    public void Leave(ReadyWork arrived)
    {
        if (arrived.Keys.Sequence is not { } sequence)
            return;
        lock (_work)
        {
            if (_work.TryGetValue(sequence, out var all) && all.Remove(arrived.Id) && all.Count == 0)
                _work.Remove(sequence);
        }
    }
}
