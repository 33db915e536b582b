namespace Fleet.Control.Platform.Journal;

/// <summary>
/// The last entries of one watched stream, shared by its watchers. Bounded: who falls behind reads the table.
/// </summary>
internal sealed class JournalTail
{
    private const int MostWeight = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<JournalEntry> _entries = new();
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;
    private int _weight;

    /// <summary>Watchers that follow this stream; changed by the feed only.</summary>
    public int Watchers { get; set; }

    /// <summary>
    /// How often it was told that the stream grew elsewhere. While this stays, what is added here is all there is.
    /// </summary>
    public long Hints { get; private set; }

    /// <summary>
    /// Completes at the next sign that the stream grew. Ask before looking, so that no sign is missed.
    /// </summary>
    public Task News
    {
        get
        {
            lock (_gate)
                return _news.Task;
        }
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

    private void Signal()
    {
        lock (_gate)
        {
            _news.TrySetResult();
            _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Whether there are entries after a number, here or on the way to here.</summary>
    public bool IsAhead(long seq)
    {
        lock (_gate)
            return _last > seq;
    }

    /// <summary>Entries after a number, or null when they are not all here.</summary>
    public List<JournalEntry>? After(long seq)
    {
        lock (_gate)
        {
            if (_entries.Count == 0 || seq < _entries.Peek().Seq - 1 || seq >= _last)
                return null;
            return [.. _entries.Where(entry => entry.Seq > seq)];
        }
    }

    private void Keep(JournalEntry entry)
    {
        if (entry.Seq <= _last)
            return;
        if (entry.Seq != _last + 1)
        {
            _entries.Clear();
            _weight = 0;
        }

        _entries.Enqueue(entry);
        _last = entry.Seq;
        _weight += entry.Weight;
        while (_weight > MostWeight && _entries.TryDequeue(out var oldest))
            _weight -= oldest.Weight;
    }
}
