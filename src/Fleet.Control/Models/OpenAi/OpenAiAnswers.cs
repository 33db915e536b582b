using System.Text.Json.Serialization;

namespace Fleet.Control.Models.OpenAi;

/// <summary>
/// A call of a tool, in answers and in what clients say of earlier answers
/// (https://platform.openai.com/docs/api-reference/chat).
/// </summary>
/// <param name="Index">In pieces: which of the calls it is.</param>
internal sealed record OpenAiToolCall(string? Id, string? Type, OpenAiFunction? Function, int? Index = null);

/// <param name="Arguments">JSON as a text.</param>
internal sealed record OpenAiFunction(string? Name, string? Arguments);

/// <summary>An answer to a chat or a completion, or a piece of one.</summary>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Usage">Null in pieces, but for the last.</param>
internal sealed record OpenAiAnswer(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<OpenAiChoice> Choices,
    OpenAiUsage? Usage = null,
    string SystemFingerprint = "fp_fleet");

/// <summary>A piece of an answer whose tokens are counted in the last one.</summary>
internal sealed record OpenAiCountedPiece(
    string Id,
    string Object,
    long Created,
    string Model,
    IReadOnlyList<OpenAiChoice> Choices,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] OpenAiUsage? Usage,
    string SystemFingerprint)
{
    public static OpenAiCountedPiece Of(OpenAiAnswer piece) => new(
        piece.Id, piece.Object, piece.Created, piece.Model, piece.Choices, piece.Usage, piece.SystemFingerprint);
}

/// <param name="Message">Of a whole answer to a chat.</param>
/// <param name="Delta">Of a piece of one.</param>
/// <param name="Text">Of a completion.</param>
internal sealed record OpenAiChoice(
    int Index,
    OpenAiWholeMessage? Message = null,
    OpenAiMessage? Delta = null,
    string? Text = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] object? Logprobs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? FinishReason = null);

/// <param name="Content">Null when tools are called and nothing is said.</param>
/// <param name="Reasoning">What the model thought, in the word that Ollama uses here.</param>
internal sealed record OpenAiWholeMessage(
    string Role,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Content,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Refusal,
    string? Reasoning,
    IReadOnlyList<OpenAiToolCall>? ToolCalls);

/// <summary>What a piece adds to a message.</summary>
internal sealed record OpenAiMessage(
    string? Role = null,
    string? Content = null,
    string? Reasoning = null,
    IReadOnlyList<OpenAiToolCall>? ToolCalls = null);

internal sealed record OpenAiUsage(long PromptTokens, long CompletionTokens, long TotalTokens);

internal sealed record OpenAiEmbeddings(
    string Object, IReadOnlyList<OpenAiEmbedding> Data, string Model, OpenAiEmbeddingUsage Usage);

/// <param name="Embedding">A list of numbers, or base64 of 32-bit little-endian ones.</param>
internal sealed record OpenAiEmbedding(string Object, int Index, object Embedding);

internal sealed record OpenAiEmbeddingUsage(long PromptTokens, long TotalTokens);

internal sealed record OpenAiModels(string Object, IReadOnlyList<OpenAiModel> Data);

/// <param name="Created">Seconds since 1970; 0 where it is not known.</param>
internal sealed record OpenAiModel(string Id, string Object, long Created, string OwnedBy);
