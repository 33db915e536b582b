using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Changes;

/// <summary>
/// What was told of work goes with it. Whoever has not come as far as that misses nothing: there is no such work any more. The
/// very oldest change stays, by which the others are known to be all.
/// </summary>
internal sealed class OwnedChanges(NpgsqlDataSource database) : IOwnedData
{
    private const int AtOnce = 1000;

    private static readonly string Erase =
        $"""
        delete from changes where ctid = any(array(
            select kept.ctid from changes kept where kept.about = any($1)
                and (kept.xid, kept.number) > (select xid, number from changes order by xid, number limit 1)
            limit {AtOnce}))
        """;

    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop) =>
        await database.Execute(Erase, stop, SqlValue.Of(owners)) == AtOnce;
}
