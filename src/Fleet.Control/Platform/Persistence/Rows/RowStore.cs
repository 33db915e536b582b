using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Persistence.Rows;

/// <summary>Loads and saves the rows of one type that a commit touches, all of them in one statement each.</summary>
internal interface IRowStore
{
    Type Row { get; }

    Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop);

    /// <summary>Adds what saves the unit's rows of this type; each must affect as many rows as it names.</summary>
    void AddSaves(RowSaves saves, UnitOfWork unit);
}

/// <summary>Rows of one table that EF Core maps.</summary>
internal sealed class RowStore<TRow> : IRowStore where TRow : class, IVersionedRow
{
    private RowStatements<TRow>? _statements;

    public Type Row => typeof(TRow);

    public async Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop) =>
        await db.Set<TRow>().AsNoTracking().Where(row => ids.Contains(row.CorrelationId)).ToListAsync(stop);

    public void AddSaves(RowSaves saves, UnitOfWork unit)
    {
        var added = unit.Added.OfType<TRow>().ToList();
        var changed = unit.Changed.OfType<TRow>().ToList();
        var removed = unit.Removed.OfType<TRow>().ToList();
        if (added.Count + changed.Count + removed.Count == 0)
            return;
        var sql = _statements ??= Read(unit.Db);
        saves.Add(sql.Insert, sql.All, added);
        saves.Add(sql.Update, sql.Mutable, changed);
        saves.Add(sql.Delete, sql.Key, removed);
    }

    private static RowStatements<TRow> Read(FleetDbContext db)
    {
        var table = db.Model.FindEntityType(typeof(TRow))!;
        return new RowStatements<TRow>(
            table.GetTableName()!,
            [.. table.GetProperties().Select(property => RowColumn<TRow>.Of(ColumnShape.Of(property)))],
            table.FindProperty(nameof(IVersionedRow.CorrelationId))!.GetColumnName(),
            table.FindProperty(nameof(IVersionedRow.Version))!.GetColumnName());
    }
}
