using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Platform.Persistence;

/// <summary>Loads the rows of one type that a commit touches, in one query.</summary>
internal interface IRowLoader
{
    Type Row { get; }

    Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop);
}

internal sealed class RowLoader<TRow> : IRowLoader where TRow : class, IVersionedRow
{
    public Type Row => typeof(TRow);

    public async Task<IEnumerable<IVersionedRow>> Load(FleetDbContext db, Guid[] ids, CancellationToken stop) =>
        await db.Set<TRow>().Where(row => ids.Contains(row.CorrelationId)).ToListAsync(stop);
}
