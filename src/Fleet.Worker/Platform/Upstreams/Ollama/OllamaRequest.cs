using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.Ollama;

/// <summary>A call as Ollama reads it; answers always stream, so that silence is told from slowness.</summary>
internal static class OllamaRequest
{
    public static (string Path, ReadOnlyMemory<byte> Body) Of(InferenceSpec call)
    {
        using var body = new JsonBodyWriter();
        body.Json.WriteStartObject();
        body.Text("model", call.Model);
        var path = call.Operation switch
        {
            "generate" => Generate(body, call),
            "embed" => Embed(body, call),
            _ => Chat(body, call),
        };
        body.Raw("options", call.OptionsJson);
        body.Raw("keep_alive", call.KeepAliveJson);
        body.Json.WriteEndObject();
        return (path, body.End());
    }

    private static string Chat(JsonBodyWriter body, InferenceSpec call)
    {
        body.Json.WriteStartArray("messages");
        foreach (var message in call.Messages ?? [])
            Write(body, message);
        body.Json.WriteEndArray();
        body.Raw("tools", call.ToolsJson);
        body.Raw("format", call.FormatJson);
        body.Raw("think", call.ThinkJson);
        body.Flag("stream", true);
        return "api/chat";
    }

    private static string Generate(JsonBodyWriter body, InferenceSpec call)
    {
        body.Text("prompt", call.Prompt);
        body.Text("suffix", call.Suffix);
        body.Text("system", call.System);
        body.Text("template", call.Template);
        body.Flag("raw", call.Raw ? true : null);
        body.Texts("images", call.Images);
        body.Raw("format", call.FormatJson);
        body.Raw("think", call.ThinkJson);
        body.Flag("stream", true);
        return "api/generate";
    }

    private static string Embed(JsonBodyWriter body, InferenceSpec call)
    {
        body.Texts("input", call.Input ?? []);
        body.Flag("truncate", call.Truncate);
        body.Number("dimensions", call.Dimensions);
        return "api/embed";
    }

    private static void Write(JsonBodyWriter body, ChatMessage message)
    {
        body.Json.WriteStartObject();
        body.Text("role", message.Role);
        body.Text("content", message.Content);
        body.Text("thinking", message.Thinking);
        body.Texts("images", message.Images);
        body.Raw("tool_calls", message.ToolCallsJson);
        body.Text("tool_name", message.ToolName);
        body.Text("tool_call_id", message.ToolCallId);
        body.Json.WriteEndObject();
    }
}
