using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Control.Models.Ollama;

/// <summary>What <c>/api/chat</c> and <c>/api/generate</c> have in common.</summary>
internal abstract class OllamaRequest
{
    public string? Model { get; init; }

    /// <summary>Pieces, unless it is false.</summary>
    public bool? Stream { get; init; }

    /// <summary><c>"json"</c>, or a JSON schema.</summary>
    public JsonElement? Format { get; init; }

    public JsonElement? Options { get; init; }

    /// <summary>true, false, or a level as a text.</summary>
    public JsonElement? Think { get; init; }

    /// <summary>A duration as a text, or seconds.</summary>
    public JsonElement? KeepAlive { get; init; }
}

internal class OllamaChatRequest : OllamaRequest
{
    public IReadOnlyList<OllamaChatMessage>? Messages { get; init; }

    public JsonElement? Tools { get; init; }
}

/// <param name="Images">Base64.</param>
internal sealed record OllamaChatMessage(
    string? Role,
    string? Content,
    string? Thinking,
    IReadOnlyList<string>? Images,
    JsonElement? ToolCalls,
    string? ToolName,
    string? ToolCallId);

internal sealed class OllamaGenerateRequest : OllamaRequest
{
    public string? Prompt { get; init; }

    public string? Suffix { get; init; }

    public string? System { get; init; }

    public string? Template { get; init; }

    public bool? Raw { get; init; }

    /// <summary>Of an earlier answer, which are not given here.</summary>
    public JsonElement? Context { get; init; }

    /// <summary>Base64.</summary>
    public IReadOnlyList<string>? Images { get; init; }
}

/// <summary>Of <c>/api/embed</c>, and of <c>/api/embeddings</c>, which has one <see cref="Prompt"/>.</summary>
internal sealed class OllamaEmbedRequest
{
    public string? Model { get; init; }

    /// <summary>A text or a list of texts.</summary>
    public JsonElement? Input { get; init; }

    public string? Prompt { get; init; }

    public bool? Truncate { get; init; }

    public int? Dimensions { get; init; }

    public JsonElement? Options { get; init; }

    public JsonElement? KeepAlive { get; init; }
}

/// <param name="Name">The older word for <paramref name="Model"/>.</param>
internal sealed record OllamaShowRequest(string? Model, string? Name);

/// <param name="Embeddings">In the order of the input.</param>
/// <param name="TotalDuration">Nanoseconds.</param>
/// <param name="LoadDuration">Nanoseconds.</param>
internal sealed record OllamaEmbedAnswer(
    string Model, IReadOnlyList<float[]> Embeddings, long? TotalDuration, long? LoadDuration, long? PromptEvalCount);

/// <param name="Embedding">Of the one prompt.</param>
internal sealed record OllamaEmbeddingAnswer(float[] Embedding);

/// <summary>A model in <c>/api/tags</c> and <c>/api/ps</c>; what is not known is left out.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ExpiresAt">In <c>/api/ps</c>: until when it stays in memory.</param>
internal sealed record OllamaModel(
    string Name,
    string Model,
    DateTimeOffset? ModifiedAt,
    long? Size,
    string? Digest,
    JsonElement Details,
    DateTimeOffset? ExpiresAt = null);

internal sealed record OllamaModels(IReadOnlyList<OllamaModel> Models);

/// <summary>Of <c>/api/show</c>, as much of it as agents report.</summary>
internal sealed record OllamaModelDetails(
    JsonElement Details, [property: JsonPropertyName("model_info")] JsonElement Facts, DateTimeOffset? ModifiedAt,
    IReadOnlyList<string>? Capabilities);
