using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Npgsql;

namespace Fleet.Control.Chat.Paliad;

/// <summary>
/// Which conversation a session of a browser is in. Its id follows from the key, the session and how often the key has begun
/// anew, so that requests that come at once meet in the same one.
/// </summary>
internal sealed class PaliadSessions(NpgsqlDataSource database, GroupCommit commits, ConversationQueries conversations)
{
    /// <summary>That of the session, made where there is none.</summary>
    public async Task<Conversation> Find(string session, Caller caller, CancellationToken stop)
    {
        var resets = await database.Scalar(
            "select resets from paliad_resets where owner = $1", stop, SqlValue.Of(caller.KeyId)) as int? ?? 0;
        for (var deleted = 0; ; deleted++)
        {
            var id = IdOf($"{caller.KeyId:N} {resets} {deleted} {session}");
            if (await conversations.Find(WireId.Format(id), caller.KeyId, stop) is { } known)
                return known;
            if (await Begin(id, session, caller, stop) is { } begun)
                return begun;
        }
    }

    /// <summary>Whatever is asked from now on, in any session of the key, begins a conversation.</summary>
    public Task Reset(Caller caller, CancellationToken stop) => database.Execute(
        """
        insert into paliad_resets (owner, resets) values ($1, 1)
        on conflict (owner) do update set resets = paliad_resets.resets + 1
        """,
        stop, SqlValue.Of(caller.KeyId));

    /// <summary>Null where it was deleted and is not all gone yet.</summary>
    private async Task<Conversation?> Begin(Guid id, string session, Caller caller, CancellationToken stop)
    {
        Conversation? found = null;
        await commits.Run([RowRef.Of<Conversation>(id)], async unit =>
        {
            found = await unit.Find<Conversation>(id);
            if (found is not null)
                return;
            found = new Conversation
            {
                CorrelationId = id,
                Tenant = caller.Tenant,
                Owner = caller.KeyId,
                Session = session,
                CreatedAt = unit.Now,
                ChangedAt = unit.Now,
            };
            unit.Add(found);
        }, stop: stop);
        return found!.IsOf(caller.KeyId) ? found : null;
    }

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16));
}
