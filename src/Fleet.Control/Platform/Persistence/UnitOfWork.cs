using Fleet.Contracts.Work;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Outbox;

namespace Fleet.Control.Platform.Persistence;

/// <summary>
/// What one transaction will hold: the rows it loaded, what lifecycles want to send, and journal entries. Members of
/// a commit use it one after another, so nothing here is locked.
/// </summary>
internal sealed class UnitOfWork(FleetDbContext db, ILifecycles lifecycles, DateTimeOffset now)
{
    private readonly Dictionary<(Type, Guid), IVersionedRow?> _rows = [];
    private readonly HashSet<IVersionedRow> _added = [];
    private readonly HashSet<IVersionedRow> _changed = [];
    private readonly HashSet<IVersionedRow> _removed = [];
    private readonly Dictionary<object, object> _claims = [];

    public FleetDbContext Db => db;

    public IReadOnlyCollection<IVersionedRow> Added => _added;

    public IReadOnlyCollection<IVersionedRow> Changed => _changed;

    public IReadOnlyCollection<IVersionedRow> Removed => _removed;

    /// <summary>The time of everything this unit writes.</summary>
    public DateTimeOffset Now => now;

    public List<JournalEntry> Entries { get; } = [];

    public List<OutboxRow> Sends { get; } = [];

    public List<Guid> Unscheduled { get; } = [];

    /// <summary>What happened that others outside may have to be told.</summary>
    public List<DomainEvent> DomainEvents { get; } = [];

    /// <summary>Work that ended.</summary>
    public List<WorkEnd> WorkEnds { get; } = [];

    /// <summary>Who asked for what this unit does, where the answer is known already.</summary>
    public List<AuditRow> Audits { get; } = [];

    public List<Action> AfterCommit { get; } = [];

    /// <summary>Work that became ready and looks for a slot.</summary>
    public List<ReadyWork> Ready { get; } = [];

    /// <summary>Slots taken (or, with null, given back) by the work that holds them.</summary>
    public List<(Guid Id, HeldSlot? Slot)> Slots { get; } = [];

    /// <summary>Set when work became ready that found no slot here.</summary>
    public bool WorkChanged { get; set; }

    /// <summary>Passes a message through the lifecycle of its kind, here and now.</summary>
    /// <param name="token">With a timer: by which the lifecycle knows whether it still waits for it.</param>
    public Task Raise(IWorkMessage message, Guid? token = null) => lifecycles.Raise(this, message, token);

    /// <summary>The row if it exists, loading it if no member announced it.</summary>
    public async ValueTask<TRow?> Find<TRow>(Guid id) where TRow : class, IVersionedRow =>
        (TRow?)await Find(RowRef.Of<TRow>(id));

    /// <summary>The row if it exists, loading it if no member announced it.</summary>
    public async ValueTask<IVersionedRow?> Find(RowRef row)
    {
        if (_rows.TryGetValue(row.Key, out var known))
            return known;
        return _rows[row.Key] = await lifecycles.Load(db, row);
    }

    /// <summary>Takes in a row as the database has it; null where it has none.</summary>
    public void Attach(Type type, Guid id, IVersionedRow? row) => _rows[(type, id)] = row;

    public void Add(IVersionedRow row)
    {
        _added.Add(row);
        _rows[(row.GetType(), row.CorrelationId)] = row;
    }

    public void Change(IVersionedRow row)
    {
        if (!_added.Contains(row) && _changed.Add(row))
            row.Version++;
    }

    public void Remove(IVersionedRow row)
    {
        _rows[(row.GetType(), row.CorrelationId)] = null;
        if (_added.Remove(row))
            return;
        if (_changed.Remove(row))
            row.Version--;
        _removed.Add(row);
    }

    /// <summary>The value that the first member of this unit to name the key put there.</summary>
    public T Claim<T>(object key, Func<T> first) where T : class
    {
        if (_claims.TryGetValue(key, out var claimed))
            return (T)claimed;
        var value = first();
        _claims[key] = value;
        return value;
    }
}
