using System.Text.Json;

namespace Fleet.Control.Platform.Models;

/// <summary>One call of a model, in the words of Ollama's API.</summary>
internal sealed class InferenceRequest
{
    /// <summary><c>chat</c>, <c>generate</c> or <c>embed</c>.</summary>
    public string Operation { get; init; } = "chat";

    public string? Model { get; init; }

    public List<ChatMessageRequest?>? Messages { get; init; }

    public string? Prompt { get; init; }

    public string? Suffix { get; init; }

    public string? System { get; init; }

    public string? Template { get; init; }

    public bool Raw { get; init; }

    public List<string?>? Images { get; init; }

    /// <summary>A text, or a list of texts.</summary>
    public JsonElement? Input { get; init; }

    public bool? Truncate { get; init; }

    public int? Dimensions { get; init; }

    public JsonElement? Tools { get; init; }

    public JsonElement? Format { get; init; }

    public JsonElement? Options { get; init; }

    public JsonElement? Think { get; init; }

    public JsonElement? KeepAlive { get; init; }
}

/// <summary>One message of a conversation.</summary>
internal sealed class ChatMessageRequest
{
    public string? Role { get; init; }

    public string? Content { get; init; }

    public string? Thinking { get; init; }

    public List<string?>? Images { get; init; }

    public JsonElement? ToolCalls { get; init; }

    public string? ToolName { get; init; }

    public string? ToolCallId { get; init; }
}
