using System.Text;
using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http.Values;

namespace Fleet.Control.Models.OpenAi;

/// <summary>From OpenAI's messages to Ollama's.</summary>
internal static class OpenAiMessages
{
    private static readonly Dictionary<string, string> Roles = new()
    {
        ["system"] = "system",
        ["developer"] = "system", // the newer word
        ["user"] = "user",
        ["assistant"] = "assistant",
        ["tool"] = "tool",
        ["function"] = "tool", // the older word
    };

    public static IReadOnlyList<ChatMessage> Read(IReadOnlyList<OpenAiRequestMessage>? messages)
    {
        if (messages is null or { Count: 0 })
            throw OpenAiSpecs.Wrong("messages", "At least one message is needed.");
        var called = new Dictionary<string, string>();
        return [.. messages.Select((message, place) => Read(message, $"messages[{place}]", called))];
    }

    /// <param name="called">Names of the tools that were called so far, by the id of the call.</param>
    private static ChatMessage Read(OpenAiRequestMessage? message, string field, Dictionary<string, string> called)
    {
        if (message?.Role is null || !Roles.TryGetValue(message.Role, out var role))
            throw OpenAiSpecs.Wrong($"{field}.role", $"Use one of {string.Join(", ", Roles.Keys)}.");
        var images = new List<string>();
        var text = Content(message.Content, $"{field}.content", images);
        var tool = message.ToolCallId is { } id && called.TryGetValue(id, out var known) ? known : message.Name;
        return new ChatMessage(
            role,
            text,
            Images: images.Count > 0 ? images : null,
            ToolCallsJson: Calls(message.ToolCalls, $"{field}.tool_calls", called),
            ToolName: role == "tool" ? tool : null,
            ToolCallId: message.ToolCallId);
    }

    private static string Content(JsonElement? content, string field, List<string> images)
    {
        switch (content)
        {
            case null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }:
                return "";
            case { ValueKind: JsonValueKind.String } whole:
                return whole.GetString()!;
            case { ValueKind: JsonValueKind.Array } parts:
                var text = new StringBuilder();
                foreach (var (place, part) in parts.EnumerateArray().Index())
                    Add(part, $"{field}[{place}]", text, images);
                return text.ToString();
            default:
                throw OpenAiSpecs.Wrong(field, "This must be a text or a list of parts.");
        }
    }

    private static void Add(JsonElement part, string field, StringBuilder text, List<string> images)
    {
        switch (Text(part, "type"))
        {
            case "text":
                text.Append(Text(part, "text") ?? throw OpenAiSpecs.Wrong($"{field}.text", "This must be a text."));
                break;
            case "refusal":
                text.Append(Text(part, "refusal"));
                break;
            case "image_url":
                images.Add(Image(part, $"{field}.image_url"));
                break;
            default:
                throw OpenAiSpecs.Wrong($"{field}.type", "Use text or image_url.");
        }
    }

    /// <summary>Fleet fetches nothing for a caller: the picture itself has to be there.</summary>
    private static string Image(JsonElement part, string field)
    {
        var url = part.TryGetProperty("image_url", out var image)
            ? image.ValueKind == JsonValueKind.String ? image.GetString() : Text(image, "url")
            : null;
        var comma = url?.IndexOf(',', StringComparison.Ordinal) ?? -1;
        return comma > 0
            && url!.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            && url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            && CallFields.IsBase64(url[(comma + 1)..])
                ? url[(comma + 1)..]
                : throw OpenAiSpecs.Wrong(field, "This must be a data URL with base64: data:image/png;base64,…");
    }

    private static string? Calls(IReadOnlyList<OpenAiToolCall>? calls, string field, Dictionary<string, string> called)
    {
        if (calls is null or { Count: 0 })
            return null;
        return JsonSerializer.Serialize(calls.Select((call, place) =>
        {
            var name = call?.Function?.Name ?? throw OpenAiSpecs.Wrong($"{field}[{place}].function.name", "This is needed.");
            if (call.Id is not null)
                called[call.Id] = name;
            return new { id = call.Id, function = new { name, arguments = Arguments(call.Function.Arguments, $"{field}[{place}]") } };
        }).ToList());
    }

    private static JsonElement Arguments(string? text, string field) =>
        JsonText.ReadObject(string.IsNullOrWhiteSpace(text) ? "{}" : text)
        ?? throw OpenAiSpecs.Wrong($"{field}.function.arguments", "This must be a JSON object as a text.");

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
