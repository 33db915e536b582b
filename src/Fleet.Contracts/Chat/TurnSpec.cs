using Fleet.Contracts.Models;

namespace Fleet.Contracts.Chat;

/// <summary>One question to a model, with all that an agent needs to have it answered.</summary>
/// <param name="Question">What the user asks, as <see cref="ChatMessage"/>s: one of role <c>user</c>, or several when the
/// caller also brings results of tools.</param>
/// <param name="Conversation">Fleet's id of the conversation, for upstreams that keep conversations of their own.</param>
/// <param name="UserId">Stable id of who asks (the API key's), for upstreams that tell users apart.</param>
/// <param name="UserName">What that user is called.</param>
/// <param name="Model">The model's name as its upstream knows it; null where the upstream has only one.</param>
/// <param name="Instructions">What the model is told beside the conversation: its system text.</param>
/// <param name="ContextJson">An object that says where the user is: data, never instructions. It reaches the model marked
/// as such.</param>
/// <param name="History">The conversation so far, oldest first, bounded by tokens; upstreams with a memory of their own
/// get only the last of it, and only while they do not know the conversation.</param>
/// <param name="UpstreamConversation">What the upstream calls the conversation, once it has said so.</param>
/// <param name="MaxTokens">The answer is not longer than this many tokens.</param>
/// <param name="ToolsJson">An array of what the model may call, as in <see cref="InferenceSpec.ToolsJson"/>.</param>
/// <param name="FormatJson">As in <see cref="InferenceSpec.FormatJson"/>.</param>
/// <param name="OptionsJson">As in <see cref="InferenceSpec.OptionsJson"/>.</param>
/// <param name="ThinkJson">As in <see cref="InferenceSpec.ThinkJson"/>.</param>
/// <param name="AskedBefore">When a former attempt asked the upstream first: its answer is looked for there before the
/// question is asked again.</param>
/// <param name="AskAgain">When a former attempt's answer cannot be found, the question is asked again; otherwise the turn
/// is lost.</param>
public sealed record TurnSpec(
    IReadOnlyList<ChatMessage> Question,
    string Conversation,
    string UserId,
    string UserName,
    string? Model = null,
    string? Instructions = null,
    string? ContextJson = null,
    IReadOnlyList<ChatMessage>? History = null,
    string? UpstreamConversation = null,
    int? MaxTokens = null,
    string? ToolsJson = null,
    string? FormatJson = null,
    string? OptionsJson = null,
    string? ThinkJson = null,
    DateTimeOffset? AskedBefore = null,
    bool AskAgain = false)
{
    /// <summary>The kind of work.</summary>
    public const string Kind = "turn";
}

/// <summary>What a turn leaves as <see cref="Attempts.AttemptResult.ResultJson"/>, in snake_case.</summary>
/// <param name="Answer">The whole text, also where its pieces were streamed.</param>
/// <param name="Upstream">Name of the upstream that answered.</param>
/// <param name="Streamed">False where the upstream gave the answer in one piece.</param>
/// <param name="Recovered">The answer was found at the upstream after its stream had been lost.</param>
/// <param name="DoneReason">Why it ended: <c>stop</c>, <c>length</c>, <c>tool_calls</c>, …</param>
/// <param name="UsedTools">Names of tools that the upstream used by itself.</param>
/// <param name="RowsSeen">How many rows each of them saw, in the same order.</param>
/// <param name="ClassifierTag">What the upstream took the question for.</param>
/// <param name="UpstreamConversation">What the upstream calls the conversation.</param>
/// <param name="ToolCallsJson">What the model wants to be called, as in <see cref="ChatMessage.ToolCallsJson"/>.</param>
/// <param name="InputTokens">As the upstream counts; null where it does not tell.</param>
/// <param name="FirstTokenMs">From the request to the first piece of the answer.</param>
/// <param name="TotalMs">From the request to the end.</param>
public sealed record TurnResult(
    string Answer,
    string Upstream,
    bool Streamed,
    string? Model = null,
    string? Thinking = null,
    bool Recovered = false,
    string? DoneReason = null,
    IReadOnlyList<string>? UsedTools = null,
    IReadOnlyList<int>? RowsSeen = null,
    string? ClassifierTag = null,
    string? UpstreamConversation = null,
    string? ToolCallsJson = null,
    long? InputTokens = null,
    long? OutputTokens = null,
    double? FirstTokenMs = null,
    double? TotalMs = null);
