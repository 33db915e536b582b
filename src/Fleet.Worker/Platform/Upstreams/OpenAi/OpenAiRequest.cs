using System.Text.Json;
using Fleet.Contracts.Models;

namespace Fleet.Worker.Platform.Upstreams.OpenAi;

/// <summary>A call in OpenAI's words. What these have no word for is refused, unless it only tunes the answer.</summary>
internal static class OpenAiRequest
{
    public static (string Path, ReadOnlyMemory<byte> Body) Of(InferenceSpec call)
    {
        using var body = new JsonBodyWriter();
        body.Json.WriteStartObject();
        body.Text("model", call.Model);
        if (call.Operation == "embed")
        {
            body.Texts("input", call.Input ?? []);
            body.Number("dimensions", call.Dimensions);
            body.Text("encoding_format", "float");
            body.Json.WriteEndObject();
            return ("v1/embeddings", body.End());
        }

        body.Json.WriteStartArray("messages");
        OpenAiMessages.Write(body, call.Operation == "generate" ? Prompt(call) : call.Messages ?? []);
        body.Json.WriteEndArray();
        body.Raw("tools", call.ToolsJson);
        Format(body, call.FormatJson);
        if (call.ThinkJson is ['"', ..])
            body.Raw("reasoning_effort", call.ThinkJson);
        OpenAiOptions.Write(body, call.OptionsJson);
        body.Flag("stream", true);
        body.Json.WriteStartObject("stream_options");
        body.Flag("include_usage", true);
        body.Json.WriteEndObject();
        body.Json.WriteEndObject();
        return ("v1/chat/completions", body.End());
    }

    private static List<ChatMessage> Prompt(InferenceSpec call)
    {
        if (call.Suffix is not null || call.Template is not null || call.Raw)
            throw new ArgumentException("suffix, template and raw are Ollama's alone.");
        var user = new ChatMessage("user", call.Prompt ?? "", Images: call.Images);
        return call.System is { } system ? [new ChatMessage("system", system), user] : [user];
    }

    private static void Format(JsonBodyWriter body, string? format)
    {
        if (format is null or "\"\"")
            return;
        body.Json.WriteStartObject("response_format");
        if (format.StartsWith('{'))
        {
            body.Text("type", "json_schema");
            body.Json.WriteStartObject("json_schema");
            body.Text("name", "answer");
            body.Raw("schema", format);
            body.Json.WriteEndObject();
        }
        else
            body.Text("type", "json_object");
        body.Json.WriteEndObject();
    }
}

/// <summary>Ollama's options, as far as OpenAI's API knows them too; what else there is tunes one kind of server.</summary>
internal static class OpenAiOptions
{
    private static readonly Dictionary<string, string> _names = new()
    {
        ["temperature"] = "temperature",
        ["top_p"] = "top_p",
        ["seed"] = "seed",
        ["stop"] = "stop",
        ["presence_penalty"] = "presence_penalty",
        ["frequency_penalty"] = "frequency_penalty",
    };

    public static void Write(JsonBodyWriter body, string? options)
    {
        if (options is null)
            return;
        using var document = JsonDocument.Parse(options);
        foreach (var option in document.RootElement.EnumerateObject())
        {
            if (_names.TryGetValue(option.Name, out var name))
                body.Raw(name, option.Value.GetRawText());
            else if (option.Name == "num_predict" && option.Value.GetInt32() is >= 0 and var most) // below: no bound
                body.Number("max_tokens", most);
        }
    }
}
