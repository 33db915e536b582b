using System.Text.Json;

namespace Fleet.Control.Models.OpenAi;

/// <summary>What calls of chat and of completion have in common.</summary>
internal abstract class OpenAiRequest
{
    public string? Model { get; init; }

    public bool? Stream { get; init; }

    public OpenAiStreamOptions? StreamOptions { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public double? FrequencyPenalty { get; init; }

    public double? PresencePenalty { get; init; }

    public long? Seed { get; init; }

    /// <summary>A text or a list of texts.</summary>
    public JsonElement? Stop { get; init; }

    public int? MaxTokens { get; init; }

    public int? N { get; init; }

    /// <summary>Refused.</summary>
    public JsonElement? LogitBias { get; init; }
}

internal sealed record OpenAiStreamOptions(bool? IncludeUsage);

internal sealed class OpenAiChatRequest : OpenAiRequest
{
    public IReadOnlyList<OpenAiRequestMessage>? Messages { get; init; }

    public int? MaxCompletionTokens { get; init; }

    public JsonElement? Tools { get; init; }

    /// <summary><c>none</c> or <c>auto</c>.</summary>
    public JsonElement? ToolChoice { get; init; }

    public OpenAiResponseFormat? ResponseFormat { get; init; }

    /// <summary><c>none low medium high</c>.</summary>
    public string? ReasoningEffort { get; init; }

    public bool? Logprobs { get; init; }

    public int? TopLogprobs { get; init; }

    /// <summary>False is refused: a model calls as many tools at once as it likes.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The older word for tools, which is refused.</summary>
    public JsonElement? Functions { get; init; }

    /// <summary>The older word for a choice of tools, which is refused.</summary>
    public JsonElement? FunctionCall { get; init; }

    /// <summary>Only <c>text</c> is made.</summary>
    public JsonElement? Modalities { get; init; }

    /// <summary>Refused.</summary>
    public JsonElement? Audio { get; init; }

    /// <summary>Refused.</summary>
    public JsonElement? WebSearchOptions { get; init; }
}

/// <param name="Content">A text, or a list of parts <c>{type, text | image_url | refusal}</c>.</param>
/// <param name="Name">Of the tool whose answer it is.</param>
internal sealed record OpenAiRequestMessage(
    string? Role,
    JsonElement? Content,
    string? Name,
    IReadOnlyList<OpenAiToolCall>? ToolCalls,
    string? ToolCallId);

/// <param name="JsonSchema">With <c>json_schema</c>: <c>{name, schema}</c>.</param>
internal sealed record OpenAiResponseFormat(string? Type, JsonElement? JsonSchema);

internal sealed class OpenAiCompletionRequest : OpenAiRequest
{
    /// <summary>A text, or a list of one.</summary>
    public JsonElement? Prompt { get; init; }

    public string? Suffix { get; init; }

    public bool? Echo { get; init; }

    public int? BestOf { get; init; }

    /// <summary>How many probabilities to a token: refused.</summary>
    public int? Logprobs { get; init; }
}

internal sealed class OpenAiEmbeddingRequest
{
    public string? Model { get; init; }

    /// <summary>A text or a list of texts.</summary>
    public JsonElement? Input { get; init; }

    /// <summary><c>float</c> or <c>base64</c>.</summary>
    public string? EncodingFormat { get; init; }

    public int? Dimensions { get; init; }
}
