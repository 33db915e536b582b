using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>What the rows of one lifecycle add to those of all work goes with them.</summary>
internal sealed class OwnedRows(string table, NpgsqlDataSource database) : IOwnedData
{
    /// <summary>Nobody is told of it.</summary>
    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        await database.Execute($"delete from {table} where id = any($1)", stop, SqlValue.Of(owners));
        return false;
    }
}
