using Fleet.Contracts.Chat;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Chat.Conversations;

/// <summary>What a turn is told of the conversation before it, as that is when the turn is given to an agent.</summary>
internal sealed class TurnMemory(ChatSettings settings)
{
    private const int CharactersPerToken = 4;

    /// <summary>All that the agent needs to have the question answered, as it is now.</summary>
    public async Task<TurnSpec> Complete(TurnSpec spec, Turn turn, UnitOfWork unit)
    {
        var conversation = await unit.Find<Conversation>(turn.ConversationId);
        return spec with
        {
            History = await Remember(turn, unit),
            UpstreamConversation = turn.UpstreamConversation
                ?? (conversation?.UpstreamName == turn.Upstream ? conversation?.UpstreamConversation : null),
            AskedBefore = turn.AskedAt,
        };
    }

    /// <summary>The latest turns that fit, oldest first; it takes as long however many there are.</summary>
    private async Task<IReadOnlyList<ChatMessage>> Remember(Turn turn, UnitOfWork unit)
    {
        var left = settings.MemoryTokens * CharactersPerToken;
        if (settings.MemoryTurns == 0 || left == 0 || turn.Number == 1)
            return [];
        var remembered = new List<ChatMessage>();
        foreach (var (question, answer) in await ExchangeSql.Before(
            unit, turn.ConversationId, turn.Number, settings.MemoryTurns, left / 2))
        {
            left -= question.Length + answer.Length;
            if (left < 0)
                break;
            remembered.Add(new ChatMessage("assistant", answer));
            remembered.Add(new ChatMessage("user", question));
        }

        remembered.Reverse();
        return remembered;
    }
}
