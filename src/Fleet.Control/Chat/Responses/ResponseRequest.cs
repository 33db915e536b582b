using System.Text.Json;

namespace Fleet.Control.Chat.Responses;

/// <summary>
/// A request as OpenAI's clients send it: <c>POST /v1/responses</c>
/// (https://platform.openai.com/docs/api-reference/responses/create). What is not here is passed over.
/// </summary>
internal sealed class ResponseRequest
{
    public string? Model { get; init; }

    /// <summary>A text, or a list of items; see <see cref="ResponseInput"/>.</summary>
    public JsonElement? Input { get; init; }

    public string? Instructions { get; init; }

    /// <summary>Functions.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary><c>auto</c> or <c>none</c>.</summary>
    public JsonElement? ToolChoice { get; init; }

    public ResponseTextFormat? Text { get; init; }

    public ResponseReasoning? Reasoning { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? MaxOutputTokens { get; init; }

    public Dictionary<string, string?>? Metadata { get; init; }

    public bool? Stream { get; init; }

    /// <summary>The answer does not wait for the model's.</summary>
    public bool? Background { get; init; }

    /// <summary>Whether it can be asked for later; it can unless this is false.</summary>
    public bool? Store { get; init; }

    public string? PreviousResponseId { get; init; }

    /// <summary>An id, or an object with one.</summary>
    public JsonElement? Conversation { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public string? User { get; init; }

    public string? Truncation { get; init; }

    public int? TopLogprobs { get; init; }

    /// <summary>A template at OpenAI's; there are none here.</summary>
    public JsonElement? Prompt { get; init; }
}

/// <param name="Format"><c>{type: text | json_object | json_schema, name, schema}</c>.</param>
internal sealed record ResponseTextFormat(JsonElement? Format, string? Verbosity);

/// <param name="Effort"><c>none minimal low medium high</c>.</param>
internal sealed record ResponseReasoning(string? Effort, string? Summary);
