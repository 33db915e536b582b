using Fleet.Contracts.Work;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Lifecycles;
using Npgsql;

namespace Fleet.Control.Platform.Work;

/// <summary>A family on its state machine and its rows.</summary>
internal abstract class WorkFamily<TRow>(WorkLifecycle<TRow> lifecycle, WorkRowStore<TRow> rows) : IWorkFamily
    where TRow : WorkRow, new()
{
    private readonly EventRaiser<TRow> _events = new(lifecycle);

    public abstract string Name { get; }

    public abstract WorkScopes Scopes { get; }

    public virtual bool IsPrivate => false;

    public Type Row => typeof(TRow);

    public virtual string WordOf(string state) => WorkStates.WordOf(state)!;

    public Task Raise(UnitOfWork unit, IWorkMessage message, Guid? token) => _events.Raise(unit, message, token);

    public IAsyncEnumerable<WorkRow> Read(NpgsqlConnection connection, Guid[] ids, CancellationToken stop) =>
        rows.Read(connection, ids, stop);

    public virtual (string Name, string Data) EventOf(JournalEntry entry) => WorkStream.EventOf(entry);

    public object View(WorkRow row, IEnumerable<ArtifactView> artifacts) => View((TRow)row, artifacts);

    protected abstract object View(TRow row, IEnumerable<ArtifactView> artifacts);
}
