using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;
using NpgsqlTypes;

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

    public async Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop)
    {
        await using var ask = database.CreateCommand(
            """
            select id from unnest($1) as owner(id) where exists (
                select from webhook_deliveries where about = owner.id and state = 'waiting')
            """);
        ask.Parameters.Add(SqlArray.Of(NpgsqlDbType.Uuid, owners));
        await using var rows = await ask.ExecuteReaderAsync(stop);
        var owed = new List<Guid>();
        while (await rows.ReadAsync(stop))
            owed.Add(rows.GetGuid(0));
        return owed;
    }

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop) =>
        await database.Run(Erase, owners, stop) == AtOnce;
}
