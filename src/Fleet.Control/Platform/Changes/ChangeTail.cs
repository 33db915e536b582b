using Fleet.Control.Platform.Journal;

namespace Fleet.Control.Platform.Changes;

/// <summary>The latest changes, shared by all who watch. Bounded: who falls behind reads the table.</summary>
internal sealed class ChangeTail
{
    private const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly List<JournalWatcher> _watchers = [];
    private readonly List<Change> _changes = [];
    private ChangeId _floor = new(ulong.MaxValue, 0);

    /// <summary>How many watch.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate)
                return _watchers.Count;
        }
    }

    public void Enter(JournalWatcher watcher)
    {
        lock (_gate)
            _watchers.Add(watcher);
    }

    public void Leave(JournalWatcher watcher)
    {
        lock (_gate)
            _watchers.Remove(watcher);
    }

    /// <summary>From here on everything will be added.</summary>
    public void Begin(ChangeId at)
    {
        lock (_gate)
        {
            _changes.Clear();
            _floor = at;
            WakeAll();
        }
    }

    /// <summary>What follows on what is here.</summary>
    public void Add(IReadOnlyList<Change> changes)
    {
        lock (_gate)
        {
            _changes.AddRange(changes);
            if (_changes.Count > Most)
            {
                var dropped = _changes.Count - (Most / 2);
                _floor = _changes[dropped - 1].Id;
                _changes.RemoveRange(0, dropped);
            }

            WakeAll();
        }
    }

    /// <summary>All behind a place, or null where only the table has all of them.</summary>
    public ChangePage? After(ChangeId place)
    {
        lock (_gate)
        {
            if (place < _floor)
                return null;
            var (low, high) = (0, _changes.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _changes[middle].Id <= place ? (middle + 1, high) : (low, middle);
            }

            return low == _changes.Count
                ? new ChangePage([], place)
                : new ChangePage(_changes.GetRange(low, _changes.Count - low), _changes[^1].Id);
        }
    }

    private void WakeAll()
    {
        foreach (var watcher in _watchers)
            watcher.Wake();
    }
}
