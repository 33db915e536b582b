using System.Text.Json;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.OpenAi;

/// <summary>
/// A conversation in OpenAI's words: arguments are texts, calls have ids, and a tool's answer names the call it belongs
/// to. Ids that are missing are made up, the same for a call and its answer.
/// </summary>
internal static class OpenAiMessages
{
    public static void Write(JsonBodyWriter body, IReadOnlyList<ChatMessage> messages)
    {
        var open = new List<(string Id, string Tool)>();
        var calls = 0;
        foreach (var message in messages)
        {
            body.Json.WriteStartObject();
            body.Text("role", message.Role);
            Content(body, message);
            if (message.ToolCallsJson is { } said)
                Calls(body, said, open, ref calls);
            if (message.Role == "tool")
                body.Text("tool_call_id", message.ToolCallId ?? Answered(open, message.ToolName));
            body.Json.WriteEndObject();
        }
    }

    private static void Content(JsonBodyWriter body, ChatMessage message)
    {
        if (message.Images is not { Count: > 0 } images)
        {
            body.Text("content", message.Content);
            return;
        }

        body.Json.WriteStartArray("content");
        body.Json.WriteStartObject();
        body.Text("type", "text");
        body.Text("text", message.Content);
        body.Json.WriteEndObject();
        foreach (var image in images)
        {
            body.Json.WriteStartObject();
            body.Text("type", "image_url");
            body.Json.WriteStartObject("image_url");
            body.Text("url", $"data:{MediaTypeOf(image)};base64,{image}");
            body.Json.WriteEndObject();
            body.Json.WriteEndObject();
        }

        body.Json.WriteEndArray();
    }

    private static void Calls(JsonBodyWriter body, string said, List<(string Id, string Tool)> open, ref int calls)
    {
        using var document = JsonDocument.Parse(said);
        body.Json.WriteStartArray("tool_calls");
        foreach (var call in document.RootElement.EnumerateArray())
        {
            var function = call.GetProperty("function");
            var name = function.GetProperty("name").GetString()!;
            var id = UpstreamJson.Text(call, "id") ?? $"call_{calls}";
            calls++;
            open.Add((id, name));
            body.Json.WriteStartObject();
            body.Text("id", id);
            body.Text("type", "function");
            body.Json.WriteStartObject("function");
            body.Text("name", name);
            body.Text("arguments", function.TryGetProperty("arguments", out var arguments) ? ArgumentsOf(arguments) : "{}");
            body.Json.WriteEndObject();
            body.Json.WriteEndObject();
        }

        body.Json.WriteEndArray();
    }

    private static string ArgumentsOf(JsonElement arguments) =>
        arguments.ValueKind == JsonValueKind.String ? arguments.GetString()! : arguments.GetRawText();

    /// <summary>The first call of this tool that has no answer yet; of any tool where none is named.</summary>
    private static string Answered(List<(string Id, string Tool)> open, string? tool)
    {
        var at = open.FindIndex(call => tool is null || call.Tool == tool);
        if (at < 0)
            return "call_0";
        var id = open[at].Id;
        open.RemoveAt(at);
        return id;
    }

    /// <summary>By the first bytes of the file, as base64 has them.</summary>
    private static string MediaTypeOf(string image) => image switch
    {
        ['/', '9', 'j', ..] => "image/jpeg",
        ['R', '0', 'l', 'G', ..] => "image/gif",
        ['U', 'k', 'l', 'G', ..] => "image/webp",
        _ => "image/png",
    };
}
