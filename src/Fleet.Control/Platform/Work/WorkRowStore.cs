using System.Runtime.CompilerServices;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Persistence.Rows;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Work;

/// <summary>Loads and saves one lifecycle's rows: what is common in two tables, what is its own beside them.</summary>
internal sealed class WorkRowStore<TRow> : IRowStore where TRow : WorkRow, new()
{
    private static readonly string PhaseFilter = $" and kept.phase = fresh.{nameof(WorkRow.StoredPhase)}";

    private readonly RowStatements<TRow> _facts = Table(WorkTables.Facts, WorkTables.FactColumns, null);
    private readonly RowStatements<TRow> _state = Table(WorkTables.State, WorkTables.StateColumns, "version");
    private readonly RowStatements<TRow>? _own =
        WorkTables.OwnOf(typeof(TRow)) is { } name ? Table(name, WorkTables.OwnColumns(typeof(TRow)), null) : null;

    private readonly string _family = new TRow().Family;

    private readonly RowColumn<TRow> _storedPhase = RowColumn<TRow>.Of(new ColumnShape(
        typeof(WorkRow).GetProperty(nameof(WorkRow.StoredPhase))!, nameof(WorkRow.StoredPhase), null, true));

    private string? _update;
    private string? _select;
    private RowColumn<TRow>[]? _selected;

    public Type Row => typeof(TRow);

    public async Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop) =>
        await Read((NpgsqlConnection)db.Database.GetDbConnection(), ids, stop).ToListAsync(stop);

    /// <summary>
    /// As far as they are there, newest first, one after the other: specifications and results may be large. Work of
    /// another family is not there for this one.
    /// </summary>
    public async IAsyncEnumerable<TRow> Read(
        NpgsqlConnection connection, Guid[] ids, [EnumeratorCancellation] CancellationToken stop)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(RowPlans.ByKey);
        batch.Add(_select ??= Select(), SqlValue.Of(ids));
        await using var reader = await batch.ExecuteReaderAsync(stop);
        await reader.NextResultAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var row = new TRow();
            for (var at = 0; at < _selected!.Length; at++)
                _selected[at].Read(row, reader, at);
            row.StoredPhase = row.Phase;
            if (_family.Length == 0 || row.Family == _family)
                yield return row;
        }
    }

    public void AddSaves(RowSaves saves, UnitOfWork unit)
    {
        var added = unit.Added.OfType<TRow>().ToList();
        var changed = unit.Changed.OfType<TRow>().ToList();
        if (unit.Removed.OfType<TRow>().Any())
            throw new NotSupportedException("Work is removed when its time is over, never by its lifecycle.");
        saves.Add(_facts.Insert, _facts.All, added);
        saves.Add(_state.Insert, _state.All, added);
        if (changed.Count > 0)
        {
            saves.Add(_update ??= Update(), [.. _state.Mutable, _storedPhase], changed);
            var facts = changed.FindAll(row => row.FactsChanged);
            if (facts.Count > 0)
                saves.Add(_facts.Update, _facts.Mutable, facts);
        }

        if (_own is null)
            return;
        saves.Add(_own.Insert, _own.All, added);
        saves.Add(_own.Update, _own.Mutable, changed);
    }

    private static RowStatements<TRow> Table(string name, IReadOnlyList<ColumnShape> columns, string? version) =>
        new(name, [.. columns.Select(RowColumn<TRow>.Of)], WorkTables.Key, version);

    /// <summary>With the part that the row lies in, so that no other is looked at.</summary>
    private string Update() => _state.UpdateWith(_storedPhase) + PhaseFilter;

    private string Select()
    {
        var state = _state.All.Where(column => column.Name != "phase").ToList();
        var facts = _facts.All.Where(column => state.All(other => other.Name != column.Name)).ToList();
        var own = _own?.All.Where(column => column.Name != WorkTables.Key).ToList() ?? [];
        _selected = [.. state, .. facts, .. own];
        var names = state.Select(column => $"state.{column.Name}")
            .Concat(facts.Select(column => $"facts.{column.Name}")).Concat(own.Select(column => $"own.{column.Name}"));
        var join = WorkTables.OwnOf(typeof(TRow)) is { } table ? ByKey(table, "own") : "";
        return $"select {string.Join(", ", names)} from unnest($1) wanted(id){ByKey(WorkTables.State, "state")}"
            + $"{ByKey(WorkTables.Facts, "facts")}{join} order by wanted.id desc";
    }

    /// <summary>One look for each id, into nothing but what has that key.</summary>
    private static string ByKey(string table, string alias) =>
        $" cross join lateral (select * from {table} where {WorkTables.Key} = wanted.id offset 0) {alias}";
}
