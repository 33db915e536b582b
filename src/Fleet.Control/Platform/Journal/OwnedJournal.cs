using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Journal;

/// <summary>
/// A stream goes from its end, so who reads it meanwhile sees a beginning without an end, never one with a gap.
/// </summary>
internal sealed class OwnedJournal(NpgsqlDataSource database) : IOwnedData
{
    private const int AtOnce = 1000;

    private static readonly string Erase =
        $"""
        delete from journal where ctid = any(array(
            select entry.ctid from unnest($1) as owner(id) cross join lateral (
                select ctid from journal where stream = owner.id order by seq desc limit {AtOnce}) entry
            limit {AtOnce}))
        """;

    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop) =>
        await database.Execute(Erase, stop, SqlValue.Of(owners)) == AtOnce;
}
