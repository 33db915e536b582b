using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Platform.Models;

/// <summary>
/// An answer, or a piece of one, as Ollama writes it (https://github.com/ollama/ollama/blob/main/docs/api.md). Durations
/// are nanoseconds; the last piece is <c>done</c> and has them. What is not known is left out.
/// </summary>
/// <param name="Message">Of <c>/api/chat</c>.</param>
/// <param name="Response">Of <c>/api/generate</c>.</param>
/// <param name="Thinking">Of <c>/api/generate</c>.</param>
internal sealed record OllamaAnswer(
    string Model,
    DateTimeOffset CreatedAt,
    OllamaMessage? Message = null,
    string? Response = null,
    string? Thinking = null,
    bool Done = false,
    string? DoneReason = null,
    long? TotalDuration = null,
    long? LoadDuration = null,
    long? PromptEvalCount = null,
    long? PromptEvalDuration = null,
    long? EvalCount = null,
    long? EvalDuration = null)
{
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // never part of a page
        MaxDepth = FleetJson.Options.MaxDepth,
        Converters = { new UtcTimeConverter() },
    };

    /// <summary>The whole answer at once.</summary>
    /// <param name="model">The name that the caller used.</param>
    public static OllamaAnswer OfChat(string model, InferenceResult result) =>
        End(model, result) with { Message = OllamaMessage.Of(result.Message) };

    /// <summary>The whole answer at once.</summary>
    public static OllamaAnswer OfGenerate(string model, InferenceResult result) => End(model, result) with
    {
        Response = result.Message?.Content ?? "",
        Thinking = result.Message?.Thinking,
    };

    /// <summary>What the last piece says of the whole.</summary>
    public static OllamaAnswer End(string model, InferenceResult result) => new(
        model,
        result.CreatedAt,
        Done: true,
        DoneReason: result.DoneReason is null or "tool_calls" ? "stop" : result.DoneReason,
        TotalDuration: Nanoseconds(result.TotalMs),
        LoadDuration: Nanoseconds(result.LoadMs),
        PromptEvalCount: result.PromptTokens,
        PromptEvalDuration: Nanoseconds(result.PromptMs),
        EvalCount: result.CompletionTokens,
        EvalDuration: Nanoseconds(result.CompletionMs));

    public static long? Nanoseconds(double? milliseconds) => (long?)(milliseconds * 1_000_000);
}

/// <summary>What a model says, as Ollama writes it.</summary>
/// <param name="ToolCalls">An array <c>[{function: {name, arguments}}]</c>.</param>
internal sealed record OllamaMessage(string Role, string Content, string? Thinking = null, JsonElement? ToolCalls = null)
{
    public static OllamaMessage Of(ChatMessage? message) => new(
        "assistant",
        message?.Content ?? "",
        message?.Thinking is { Length: > 0 } thinking ? thinking : null,
        message?.ToolCallsJson is { } calls ? JsonSerializer.Deserialize<JsonElement>(calls) : null);
}
