using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Loads and saves the rows of one type that a commit touches, all of them in one statement each.</summary>
internal interface IRowStore
{
    Type Row { get; }

    Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop);

    /// <summary>Adds what saves the unit's rows of this type; each must affect as many rows as it names.</summary>
    void AddSaves(RowSaves saves, Unit unit);
}

/// <summary>
/// Saves with statements over arrays of columns, whose text is the same for any number of rows: prepared once, and
/// planned to find rows by their key.
/// </summary>
internal sealed class RowStore<TRow> : IRowStore where TRow : class, IVersionedRow
{
    private Statements? _statements;

    public Type Row => typeof(TRow);

    public async Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop) =>
        await db.Set<TRow>().AsNoTracking().Where(row => ids.Contains(row.CorrelationId)).ToListAsync(stop);

    public void AddSaves(RowSaves saves, Unit unit)
    {
        var added = unit.Added.OfType<TRow>().ToList();
        var changed = unit.Changed.OfType<TRow>().ToList();
        var removed = unit.Removed.OfType<TRow>().ToList();
        var sql = _statements ??= new Statements(unit.Db);
        saves.Add(sql.Insert, sql.All, added);
        saves.Add(sql.Update, sql.Mutable, changed);
        saves.Add(sql.Delete, sql.Key, removed);
    }

    /// <summary>Texts made from the model of the table, and the columns that they take as parameters.</summary>
    private sealed class Statements
    {
        public Statements(FleetDbContext db)
        {
            var table = db.Model.FindEntityType(typeof(TRow))!;
            All = [.. table.GetProperties().Select(RowColumn<TRow>.Of)];
            var key = table.FindProperty(nameof(IVersionedRow.CorrelationId))!.GetColumnName();
            var version = table.FindProperty(nameof(IVersionedRow.Version))!.GetColumnName();
            Key = [.. All.Where(column => column.Name == key || column.Name == version)];
            Mutable = [.. All.Where(column => column.Name == key || !column.IsFixed)];
            var name = table.GetTableName();
            var set = Mutable.Where(column => column.Name != key).Select(column => $"{column.Name} = {column.Value}");
            Insert = $"insert into {name} ({Names(All)}) select {Values(All)} from {Rows(All)}";
            Update = $"update {name} kept set {string.Join(", ", set)} from {Rows(Mutable)} "
                + $"where kept.{key} = fresh.{key} and kept.{version} = fresh.{version} - 1";
            Delete = $"delete from {name} kept using {Rows(Key)} "
                + $"where kept.{key} = fresh.{key} and kept.{version} = fresh.{version}";
        }

        public string Insert { get; }

        public string Update { get; }

        public string Delete { get; }

        public IReadOnlyList<RowColumn<TRow>> All { get; }

        /// <summary>The key, the version, and what may change.</summary>
        public IReadOnlyList<RowColumn<TRow>> Mutable { get; }

        public IReadOnlyList<RowColumn<TRow>> Key { get; }

        private static string Names(IEnumerable<RowColumn<TRow>> columns) =>
            string.Join(", ", columns.Select(column => column.Name));

        private static string Values(IEnumerable<RowColumn<TRow>> columns) =>
            string.Join(", ", columns.Select(column => column.Value));

        private static string Rows(IReadOnlyList<RowColumn<TRow>> columns) =>
            $"unnest({string.Join(", ", Enumerable.Range(1, columns.Count).Select(n => $"${n}"))}) as fresh ({Names(columns)})";
    }
}
