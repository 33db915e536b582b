using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Client.Work;

namespace Fleet.Client.Chat;

/// <summary>Questions and answers that belong together.</summary>
/// <param name="BranchOf">The conversation whose beginning it shares.</param>
public sealed record Conversation(
    string ConversationId,
    string? Title,
    string? Model,
    string? Upstream,
    JsonElement? Context,
    int Turns,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    string? BranchOf,
    IReadOnlyDictionary<string, string>? Links);

/// <summary>A conversation to be begun; all of it may be left out.</summary>
public sealed record ConversationDraft(string? Title = null, string? Model = null, string? Upstream = null);

/// <summary>One question and its answer.</summary>
/// <param name="State"><c>queued streaming</c>, or one in which it is over: see <see cref="IsOver"/>.</param>
/// <param name="Answer">Null until it is over.</param>
public sealed record Turn(
    string TurnId,
    string ConversationId,
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
    TurnUsage? Usage,
    JobError? Error,
    string? RetryOf,
    IReadOnlyDictionary<string, string>? Links)
{
    [JsonIgnore]
    public bool IsOver => State is "completed" or "failed" or "cancelled" or "expired" or "lost";
}

/// <summary>Tokens as the upstream counts them.</summary>
public sealed record TurnUsage(long? InputTokens, long? OutputTokens);

/// <summary>A question to be asked.</summary>
public sealed record TurnDraft(string Text, string? Model = null, string? Upstream = null, int? MaxTokens = null);
