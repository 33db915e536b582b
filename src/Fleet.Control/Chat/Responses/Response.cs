using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Chat;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Chat.Responses;

/// <summary>A response as OpenAI's clients know it (https://platform.openai.com/docs/api-reference/responses/object).</summary>
/// <param name="CreatedAt">Seconds since 1970.</param>
/// <param name="Conversation">The turns that it belongs to.</param>
internal sealed record Response(
    string Id,
    string Object,
    long CreatedAt,
    string Status,
    bool Background,
    long? CompletedAt,
    ResponseError? Error,
    ResponseIncomplete? IncompleteDetails,
    string? Instructions,
    int? MaxOutputTokens,
    string Model,
    IReadOnlyList<ResponseItem> Output,
    bool ParallelToolCalls,
    string? PreviousResponseId,
    ResponseConversation Conversation,
    ResponseReasoning Reasoning,
    bool Store,
    double? Temperature,
    ResponseText Text,
    string ToolChoice,
    JsonElement Tools,
    double? TopP,
    string Truncation,
    ResponseUsage? Usage,
    string? User,
    Dictionary<string, string?> Metadata)
{
    /// <summary>How responses are written: what may be null is there all the same.</summary>
    public static readonly JsonSerializerOptions Json = new(OllamaAnswer.Json)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private static readonly JsonElement NoTools = JsonSerializer.SerializeToElement(Array.Empty<string>());
    private static readonly JsonElement PlainText = JsonSerializer.SerializeToElement(new { type = "text" });

    /// <summary>What was so from the beginning.</summary>
    public static Response Begun(AskedResponse asked, string status)
    {
        var (turn, spec, terms) = asked;
        return new Response(
            ResponseIds.OfResponse(turn.CorrelationId),
            "response",
            turn.CreatedAt.ToUnixTimeSeconds(),
            status,
            terms.Background,
            CompletedAt: null,
            Error: null,
            IncompleteDetails: null,
            spec.Instructions,
            spec.MaxTokens,
            terms.Model ?? turn.Model ?? UpstreamPlace.AiChat,
            Output: [],
            terms.ParallelToolCalls,
            terms.PreviousResponseId,
            new ResponseConversation(ResponseIds.OfConversation(turn.ConversationId)),
            terms.Reasoning ?? new ResponseReasoning(null, null),
            terms.Store,
            terms.Temperature,
            new ResponseText(terms.Format ?? PlainText, terms.Verbosity),
            terms.ToolChoice,
            terms.Tools ?? NoTools,
            terms.TopP,
            "auto",
            Usage: null,
            terms.User,
            terms.Metadata);
    }

    /// <summary>As the turn is now.</summary>
    public static Response Of(AskedResponse asked, IReadOnlyList<ResponseItem> output)
    {
        var turn = asked.Turn;
        var isOver = WorkStates.IsOver(turn.State);
        var result = isOver ? TurnNotes.ReadResult(turn.Result) : null;
        var status = ResponseStatus.Of(turn.State, result);
        return Begun(asked, status) with
        {
            CompletedAt = status == ResponseStatus.Completed ? turn.FinishedAt?.ToUnixTimeSeconds() : null,
            Error = status == ResponseStatus.Failed
                ? new ResponseError(turn.ErrorCode ?? TurnStates.WordOf(turn.State)!, turn.ErrorMessage ?? "There is no answer.")
                : null,
            IncompleteDetails = status == ResponseStatus.Incomplete ? new ResponseIncomplete("max_output_tokens") : null,
            Output = output,
            Usage = isOver ? ResponseUsage.Of(result) : null,
        };
    }
}

/// <param name="Code">Stable, for programs.</param>
internal sealed record ResponseError(string Code, string Message);

internal sealed record ResponseIncomplete(string Reason);

internal sealed record ResponseConversation(string Id);

internal sealed record ResponseText(
    JsonElement Format, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Verbosity);

internal sealed record ResponseUsage(
    long InputTokens,
    ResponseInputTokens InputTokensDetails,
    long OutputTokens,
    ResponseOutputTokens OutputTokensDetails,
    long TotalTokens)
{
    /// <summary>What the upstream did not count is 0.</summary>
    public static ResponseUsage Of(TurnResult? result)
    {
        var (input, output) = (result?.InputTokens ?? 0, result?.OutputTokens ?? 0);
        return new ResponseUsage(input, new ResponseInputTokens(0), output, new ResponseOutputTokens(0), input + output);
    }
}

internal sealed record ResponseInputTokens(long CachedTokens);

internal sealed record ResponseOutputTokens(long ReasoningTokens);
