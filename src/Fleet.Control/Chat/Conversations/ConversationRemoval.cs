using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Retention;
using Npgsql;

namespace Fleet.Control.Chat.Conversations;

/// <summary>
/// Takes conversations away. One is gone for its owner at once; its turns go as they end, and the rest after them, however
/// often a process dies in between.
/// </summary>
internal sealed class ConversationRemoval(NpgsqlDataSource database, GroupCommit commits, WorkRemoval removal)
{
    private const int AtOnce = 200;

    private const string Running =
        "select turn_id from exchanges where conversation_id = $1 and not is_copy and finished_at is null";

    private const string Ended =
        "select turn_id from exchanges where conversation_id = $1 and not is_copy and finished_at is not null limit 200";

    private const string Last =
        """
        with gone as (
            delete from conversations where id = $1
              and not exists (select 1 from exchanges where conversation_id = $1 and not is_copy)
            returning id)
        delete from exchanges using gone where conversation_id = gone.id
        """;

    /// <param name="by">Who asks, for the journals.</param>
    public async Task Remove(Guid conversation, string by, CancellationToken stop)
    {
        var turns = await Turns(Running, conversation, stop);
        await commits.Run(
            [RowRef.Of<Conversation>(conversation), .. turns.Select(RowRef.Of<Turn>)],
            async unit =>
            {
                if (await unit.Find<Conversation>(conversation) is not { } row)
                    return;
                row.DeletedAt = row.DeletedAt < unit.Now ? row.DeletedAt : unit.Now;
                unit.Change(row);
                foreach (var turn in turns)
                    await unit.Raise(new CancelWork(turn, TurnSpec.Kind, by));
            },
            stop: stop);
        await Finish(conversation, stop);
    }

    /// <summary>What of a conversation that was deleted may go now.</summary>
    public async Task Finish(Guid conversation, CancellationToken stop)
    {
        foreach (var running in await Turns(Running, conversation, stop))
        {
            await commits.Run(
                [RowRef.Of<Turn>(running)],
                unit => unit.Raise(new CancelWork(running, TurnSpec.Kind, "the removal of its conversation")),
                stop: stop);
        }

        while (await Turns(Ended, conversation, stop) is { Length: > 0 } ended
            && await removal.RemoveSoon(ended, stop) == AtOnce)
        {
            // as many again
        }

        await database.Execute(Last, stop, SqlValue.Of(conversation));
    }

    public Task<List<Guid>> Deleted(CancellationToken stop) => database.Query(
        "select id from conversations where deleted_at <= now() order by deleted_at limit 200", row => row.GetGuid(0), stop);

    private async Task<Guid[]> Turns(string sql, Guid conversation, CancellationToken stop) =>
        [.. await database.Query(sql, row => row.GetGuid(0), stop, SqlValue.Of(conversation))];
}
