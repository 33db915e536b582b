namespace Fleet.Control.Platform.Journal;

/// <summary>
/// The last entries of one watched stream, shared by its watchers. Bounded: who falls behind reads the table.
/// </summary>
internal sealed class JournalTail
{
    private const int MostWeight = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly List<JournalWatcher> _watchers = [];
    private readonly List<JournalEntry?> _entries = [];
    private int _dropped; // so many of them are gone, and leave the list together
    private List<JournalEntry?> _page = [];
    private long _last;
    private int _weight;

    /// <summary>How many follow this stream.</summary>
    public int Watchers
    {
        get
        {
            lock (_gate)
                return _watchers.Count;
        }
    }

    /// <summary>
    /// How often it was told that the stream grew elsewhere. While this stays, what is added here is all there is.
    /// </summary>
    public long Hints { get; private set; }

    /// <summary>From now on it is woken by every sign that the stream grew.</summary>
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

    /// <summary>Keeps entries that follow on what is kept; others only raise the sign.</summary>
    public void Add(IEnumerable<JournalEntry> entries)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
                Keep(entry);
            Signal();
        }
    }

    /// <summary>The stream grew, and only the table knows by what.</summary>
    public void Hint()
    {
        lock (_gate)
        {
            Hints++;
            Signal();
        }
    }

    /// <summary>Whether there are entries after a number, here or on the way to here.</summary>
    public bool IsAhead(long seq)
    {
        lock (_gate)
            return _last > seq;
    }

    /// <summary>
    /// Entries after a number, or null when they are not all here. Watchers that are equally far get the same list.
    /// </summary>
    public IReadOnlyList<JournalEntry>? After(long seq)
    {
        lock (_gate)
        {
            var count = _last - seq;
            if (count <= 0 || count > _entries.Count - _dropped)
                return null;
            if (_page.Count != count || _page[^1]!.Seq != _last)
                _page = _entries.GetRange(_entries.Count - (int)count, (int)count);
            return _page!;
        }
    }

    private void Signal()
    {
        foreach (var watcher in _watchers)
            watcher.Wake();
    }

    private void Keep(JournalEntry entry)
    {
        if (entry.Seq <= _last)
            return;
        if (entry.Seq != _last + 1)
        {
            _entries.Clear();
            (_weight, _dropped) = (0, 0);
        }

        _entries.Add(entry);
        _last = entry.Seq;
        _weight += entry.Weight;
        while (_weight > MostWeight)
            DropOldest();
    }

    private void DropOldest()
    {
        _weight -= _entries[_dropped]!.Weight;
        _entries[_dropped++] = null;
        if (_dropped <= _entries.Count / 2)
            return;
        _entries.RemoveRange(0, _dropped);
        _dropped = 0;
    }
}
