using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Chat.Conversations;

/// <summary>
/// What conversations remember of turns goes with these; a conversation of which nothing of its own is left goes too, unless
/// something was asked in it just now.
/// </summary>
internal sealed class OwnedExchanges(NpgsqlDataSource database) : IOwnedData
{
    private const string Erase =
        """
        with gone as (
            delete from exchanges where turn_id = any($1) and not is_copy returning conversation_id),
        empty as (
            delete from conversations where id in (select conversation_id from gone)
              and changed_at < now() - interval '1 hour'
              and not exists (
                  select 1 from exchanges left_over where left_over.conversation_id = conversations.id
                    and not left_over.is_copy and left_over.turn_id <> all($1))
            returning id)
        delete from exchanges copied using empty where copied.conversation_id = empty.id and copied.is_copy
        """;

    /// <summary>Where the answer that counted is going, the one before it counts again.</summary>
    private const string Restore =
        """
        with going as (
            select conversation_id, number from exchanges where turn_id = any($1) and not is_copy and not is_replaced),
        hidden as (
            update exchanges counted set is_replaced = true from going
            where counted.conversation_id = going.conversation_id and counted.number = going.number and not counted.is_replaced
            returning counted.conversation_id, counted.number)
        update exchanges kept set is_replaced = false
        from (
            select distinct on (former.conversation_id, former.number) former.conversation_id, former.turn_id
            from exchanges former join hidden using (conversation_id, number)
            where former.is_replaced and former.turn_id <> all($1)
            order by former.conversation_id, former.number, former.created_at desc) latest
        where kept.conversation_id = latest.conversation_id and kept.turn_id = latest.turn_id
        """;

    /// <summary>Nobody is told of it.</summary>
    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        await database.Execute(Restore, stop, SqlValue.Of(owners));
        await database.Execute(Erase, stop, SqlValue.Of(owners));
        return false;
    }
}
