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

    /// <summary>Nobody is told of it.</summary>
    public Task<IReadOnlyCollection<Guid>> Owed(Guid[] owners, CancellationToken stop) =>
        Task.FromResult<IReadOnlyCollection<Guid>>([]);

    public async Task<bool> EraseSome(Guid[] owners, CancellationToken stop)
    {
        await database.Execute(Erase, stop, SqlValue.Of(owners));
        return false;
    }
}
