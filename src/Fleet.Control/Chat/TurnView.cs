using System.Text.Json.Serialization;
using Fleet.Contracts.Chat;
using Fleet.Contracts.Work;
using Fleet.Control.Chat.Conversations;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Chat;

/// <summary>A turn as the key that asked sees it.</summary>
/// <param name="Number">Its place in the conversation, from 1.</param>
/// <param name="Answer">Null until the turn is over; what came of it where it did not complete.</param>
/// <param name="FirstTokenMs">From the request to the first piece of the answer.</param>
/// <param name="DurationMs">From the start of the latest attempt to the end.</param>
/// <param name="RetryOf">The turn whose answer it replaces.</param>
internal sealed record TurnView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid TurnId,
    [property: JsonConverter(typeof(WireIdConverter))] Guid ConversationId,
    int Number,
    string State,
    string Text,
    string? Answer,
    string? Thinking,
    IReadOnlyList<string> UsedTools,
    string? Model,
    string? Agent,
    string? Upstream,
    int Attempt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    double? FirstTokenMs,
    double? DurationMs,
    TurnUsageView? Usage,
    TurnErrorView? Error,
    [property: JsonConverter(typeof(WireIdConverter))] Guid? RetryOf,
    TurnLinksView Links)
{
    public static TurnView Of(Turn turn)
    {
        var isOver = WorkStates.IsOver(turn.State);
        var result = isOver ? TurnNotes.ReadResult(turn.Result) : null;
        return new TurnView(
            turn.CorrelationId,
            turn.ConversationId,
            turn.Number,
            TurnStates.WordOf(turn.State)!,
            TurnRecords.TextOf(SpecJson.Read<TurnSpec>(turn.Spec)),
            result?.Answer,
            result?.Thinking,
            result?.UsedTools ?? [],
            result?.Model ?? turn.Model,
            turn.Agent,
            turn.Upstream,
            turn.Attempt,
            turn.CreatedAt,
            turn.StartedAt,
            turn.FinishedAt,
            result?.FirstTokenMs ?? Milliseconds(turn.StartedAt, turn.FirstPieceAt),
            Milliseconds(turn.StartedAt, turn.FinishedAt),
            result is null ? null : new TurnUsageView(result.InputTokens, result.OutputTokens),
            turn.ErrorCode is null ? null : new TurnErrorView(turn.ErrorCode, turn.ErrorMessage ?? ""),
            turn.RetryOf,
            TurnLinksView.Of(turn.CorrelationId, turn.ConversationId));
    }

    /// <summary>What a conversation still knows of a turn that is removed.</summary>
    public static TurnView Of(Exchange exchange) => new(
        exchange.TurnId, exchange.ConversationId, exchange.Number, exchange.State, exchange.Question, exchange.Answer, null,
        exchange.UsedTools, exchange.Model, null, null, 0, exchange.CreatedAt, null, exchange.FinishedAt, null,
        exchange.DurationMs, new TurnUsageView(exchange.InputTokens, exchange.OutputTokens), null, null,
        TurnLinksView.Of(exchange.TurnId, exchange.ConversationId, exchange.IsCopy));

    private static double? Milliseconds(DateTimeOffset? from, DateTimeOffset? to) =>
        to - from is { } time && time >= TimeSpan.Zero ? time.TotalMilliseconds : null;
}

/// <summary>Tokens as the upstream counts them; null where it does not tell.</summary>
internal sealed record TurnUsageView(long? InputTokens, long? OutputTokens);

/// <summary>Why it did not complete, or why the last attempt did not.</summary>
internal sealed record TurnErrorView(string Code, string Message);

/// <summary>Paths of the turn's resources.</summary>
internal sealed record TurnLinksView(
    string Self,
    string Events,
    string Log,
    string Cancellation,
    string Regenerate,
    string Branch,
    string Explain,
    string Conversation)
{
    /// <param name="isShared">The turn was asked in another conversation, and this one branched off that.</param>
    public static TurnLinksView Of(Guid turn, Guid conversation, bool isShared = false)
    {
        var here = isShared ? $"?conversation_id={WireId.Format(conversation)}" : "";
        var self = $"{WorkLinks.Of(Turn.FamilyName)}/{WireId.Format(turn)}";
        return new TurnLinksView(
            self,
            $"{self}/events",
            $"{self}/log",
            $"{self}/cancellation",
            $"{self}/regenerate{here}",
            $"{self}/branch{here}",
            $"{self}/explain",
            ConversationView.PathOf(conversation));
    }
}
