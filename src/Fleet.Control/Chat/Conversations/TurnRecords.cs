using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Lifecycles;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat.Conversations;

/// <summary>What conversations keep of their turns: their places, their questions and their answers.</summary>
internal static class TurnRecords
{
    /// <summary>The turn takes its place: the next one, or that of the turn whose answer it replaces.</summary>
    /// <exception cref="ArgumentException">There is no such conversation.</exception>
    public static async Task Enter(Turn turn, UnitOfWork unit)
    {
        var spec = SpecJson.Read<TurnSpec>(turn.Spec);
        if (!WireId.TryParse(spec.Conversation, out var id) || await unit.Find<Conversation>(id) is not { } conversation)
            throw new ArgumentException("A turn needs a conversation that is there.");
        var question = TextOf(spec);
        turn.ConversationId = id;
        turn.CreatedAt = conversation.Ask(question, unit.Now);
        turn.TakePlace();
        turn.Number = turn.RetryOf is { } former && await ExchangeSql.Replace(unit, id, former) is { } place
            ? place
            : ++conversation.Turns;
        unit.Change(conversation);
        await ExchangeSql.Add(unit, turn, question);
    }

    /// <summary>
    /// The turn is over as this: its result is complete, with whatever came of the answer, and the conversation knows it.
    /// </summary>
    public static async Task Close(Turn turn, string state, UnitOfWork unit)
    {
        var result = TurnNotes.ReadResult(turn.Result);
        if (turn.Attempt > 0 && result is not { Answer.Length: > 0 })
            result = await Recollect(turn, result, unit);
        turn.Result = result is null ? null : TurnNotes.Write(result);
        await ExchangeSql.Close(unit, Summary(turn, state, result, unit.Now));
        if ((result?.UpstreamConversation ?? turn.UpstreamConversation) is { } named)
            await Name(named, turn, unit);
    }

    /// <summary>What the user asked, as a text.</summary>
    public static string TextOf(TurnSpec spec) =>
        spec.Question.LastOrDefault(message => message.Role == "user")?.Content ?? "";

    /// <summary>The answer as it was streamed, where the agent left none.</summary>
    private static async Task<TurnResult?> Recollect(Turn turn, TurnResult? left, UnitOfWork unit)
    {
        var answer = Clean(await ExchangeSql.Read(unit, turn.CorrelationId, TurnPieces.Content));
        var thinking = left?.Thinking ?? Clean(await ExchangeSql.Read(unit, turn.CorrelationId, TurnPieces.Thinking));
        return answer.Length + thinking.Length == 0
            ? left
            : (left ?? new TurnResult("", turn.Upstream ?? "", Streamed: true, turn.Model)) with
            {
                Answer = answer,
                Thinking = thinking.Length > 0 ? thinking : null,
            };
    }

    /// <summary>The database's text cannot hold NUL.</summary>
    private static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    private static Exchange Summary(Turn turn, string state, TurnResult? result, DateTimeOffset now) => new()
    {
        ConversationId = turn.ConversationId,
        TurnId = turn.CorrelationId,
        State = TurnStates.WordOf(state)!,
        Answer = result is null ? null : Clean(result.Answer),
        Model = result?.Model ?? turn.Model,
        FinishedAt = now,
        DurationMs = (now - turn.StartedAt)?.TotalMilliseconds,
        UsedTools = [.. (result?.UsedTools ?? []).OfType<string>().Select(Clean)],
        ClassifierTag = result?.ClassifierTag is { } tag ? Clean(tag) : null,
        InputTokens = result?.InputTokens,
        OutputTokens = result?.OutputTokens,
    };

    private static async Task Name(string named, Turn turn, UnitOfWork unit)
    {
        if (await unit.Find<Conversation>(turn.ConversationId) is not { } conversation
            || (conversation.UpstreamConversation == named && conversation.UpstreamName == turn.Upstream))
            return;
        (conversation.UpstreamConversation, conversation.UpstreamName) = (Clean(named), turn.Upstream);
        unit.Change(conversation);
    }
}
