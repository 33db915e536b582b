using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Chat.Paliad;

/// <summary>Turns of one key.</summary>
internal sealed class PaliadQueries(NpgsqlDataSource database, WorkRowStore<Turn> rows, WorkStore store, TurnFamily family)
{
    private const string Latest =
        """
        select said.turn_id, conversations.session from exchanges said join conversations on conversations.id = said.conversation_id
        where said.owner = $1 and not said.is_copy and not said.is_replaced and conversations.deleted_at is null
          and ($2::text is null or conversations.session = $2)
        order by said.created_at desc, said.turn_id desc limit $3
        """;

    /// <summary>Null where there is none of the caller's.</summary>
    public async Task<Turn?> Find(Guid id, Caller caller, CancellationToken stop) =>
        await Find(id, stop) is { } turn && caller.MaySee(turn.Tenant, turn.Owner) ? turn : null;

    /// <summary>Whoever's it is.</summary>
    public async Task<Turn?> Find(Guid id, CancellationToken stop) => await store.Find(family, id, stop) as Turn;

    /// <summary>The latest turns, latest first.</summary>
    /// <param name="session">Only of this session; null means all.</param>
    public async Task<IReadOnlyList<PaliadRow>> List(Caller caller, string? session, int limit, CancellationToken stop)
    {
        var found = await database.Query(
            Latest,
            row => (Id: row.GetGuid(0), Session: row.IsDBNull(1) ? null : row.GetString(1)),
            stop,
            SqlValue.Of(caller.KeyId), new NpgsqlParameter<string?> { TypedValue = session }, SqlValue.Of(limit));
        await using var connection = await database.OpenConnectionAsync(stop);
        var turns = await rows.Read(connection, [.. found.Select(one => one.Id)], stop)
            .ToDictionaryAsync(turn => turn.CorrelationId, cancellationToken: stop);
        return [.. found.Where(one => turns.ContainsKey(one.Id)).Select(one => PaliadRow.Of(turns[one.Id], one.Session))];
    }
}
