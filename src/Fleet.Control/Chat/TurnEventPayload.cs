using System.Text.Json.Serialization;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Chat;

/// <summary>What receivers are told of a turn. Neither question nor answer: these are for who asked alone.</summary>
/// <param name="PreviousState">Empty when the turn is new.</param>
/// <param name="Error">A sentence; null when nothing went wrong.</param>
internal sealed record TurnEventPayload(
    [property: JsonConverter(typeof(WireIdConverter))] Guid TurnId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid ConversationId,
    string State,
    string PreviousState,
    DateTimeOffset Timestamp,
    string? Model,
    int Attempt,
    string? Error,
    string? ErrorCode)
{
    private static readonly Dictionary<string, string> Types =
        TurnStates.AllWords.ToDictionary(word => word, word => $"{Turn.FamilyName}.{word}");

    /// <summary>Null where the turn is shown in the same state as before.</summary>
    /// <param name="state">The lifecycle's name of the state that the turn enters.</param>
    public static DomainEvent? Of(Turn turn, string state, DateTimeOffset now)
    {
        var (word, before) = (TurnStates.WordOf(state)!, TurnStates.WordOf(turn.State));
        return word == before ? null : new DomainEvent(
            turn.Tenant,
            Types[word],
            turn.CorrelationId,
            now,
            turn.StateWebhookUrl,
            new TurnEventPayload(
                turn.CorrelationId, turn.ConversationId, word, before ?? "", now, turn.Model, turn.Attempt, turn.ErrorMessage,
                turn.ErrorCode),
            ArtifactsAt: null);
    }
}
