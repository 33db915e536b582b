using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Webhooks.Deliveries;

/// <summary>
/// What is owed about a thing keeps it, since its artifacts are told at the last moment. What was told goes with it.
/// </summary>
internal sealed class OwnedDeliveries(NpgsqlDataSource database) : IOwnedData
{
    private const int AtOnce = 1000;

    /// <summary>One that is owed again at this moment is told, and goes with the log.</summary>
    private static readonly string Erase =
        $"""
        delete from webhook_deliveries where state <> 'waiting' and id = any(array(
            select delivery.id from unnest($1) as owner(id) cross join lateral (
                select id from webhook_deliveries where about = owner.id and state <> 'waiting' limit {AtOnce}) delivery
            limit {AtOnce}))
        """;

    public async Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) => await database.Query(
        """
        select id from unnest($1) as owner(id) where exists (
            select from webhook_deliveries where about = owner.id and state = 'waiting')
        """,
        row => row.GetGuid(0), stop, SqlValue.Of(owners));

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop) =>
        await database.Execute(Erase, stop, SqlValue.Of(owners)) == AtOnce;
}
