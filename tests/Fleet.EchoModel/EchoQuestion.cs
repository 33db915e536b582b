using System.Text.Json;

namespace Fleet.EchoModel;

/// <summary>A call of a model, in whichever protocol it came.</summary>
/// <param name="Text">The last thing the user said.</param>
/// <param name="PromptTokens">Words of everything that was said.</param>
/// <param name="Tool">The tool that is to be called.</param>
/// <param name="Most">Words that the answer may have.</param>
internal sealed record EchoQuestion(
    string Model, string Text, int PromptTokens, bool Streams, bool Thinks, bool IsJson, string? Tool, int? Most)
{
    public static EchoQuestion Of(JsonElement body, string model, bool streamsByDefault)
    {
        var texts = Texts(body).ToList();
        var text = texts.LastOrDefault(said => said.Role == "user").Text ?? texts.LastOrDefault().Text ?? "";
        return new EchoQuestion(
            model,
            text,
            texts.Sum(said => EchoWords.Count(said.Text)),
            body.TryGetProperty("stream", out var stream) ? stream.ValueKind == JsonValueKind.True : streamsByDefault,
            IsThere(body, "think") || IsThere(body, "reasoning_effort"),
            IsThere(body, "format") || IsThere(body, "response_format"),
            ToolFor(text, body),
            MostOf(body));
    }

    public IReadOnlyList<string> Answer(EchoBehaviour behaviour)
    {
        var words = behaviour.Words is { } count ? EchoWords.Counted(count)
            : IsJson ? [JsonSerializer.Serialize(new { echo = Text })]
            : EchoWords.Split(Text);
        return Most is { } most and >= 0 && words.Count > most ? [.. words.Take(most)] : words;
    }

    public bool IsCut(EchoBehaviour behaviour) =>
        Most is { } most and >= 0 && (behaviour.Words ?? (IsJson ? 1 : EchoWords.Split(Text).Count)) > most;

    private static IEnumerable<(string Role, string Text)> Texts(JsonElement body)
    {
        if (body.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String)
            yield return ("user", prompt.GetString()!);
        if (!body.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
            yield break;
        foreach (var message in messages.EnumerateArray())
            yield return (message.GetProperty("role").GetString() ?? "", TextOf(message));
    }

    private static string TextOf(JsonElement message) =>
        !message.TryGetProperty("content", out var content) ? ""
        : content.ValueKind == JsonValueKind.String ? content.GetString()!
        : content.ValueKind != JsonValueKind.Array ? ""
        : string.Concat(content.EnumerateArray()
            .Where(part => part.TryGetProperty("text", out _)).Select(part => part.GetProperty("text").GetString()));

    private static string? ToolFor(string text, JsonElement body)
    {
        if (!text.Contains(EchoWords.CallTool, StringComparison.OrdinalIgnoreCase)
            || !body.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
            return null;
        var names = tools.EnumerateArray()
            .Select(tool => tool.GetProperty("function").GetProperty("name").GetString()!).ToList();
        return names.Find(name => text.Contains(name, StringComparison.OrdinalIgnoreCase)) ?? names.FirstOrDefault();
    }

    private static int? MostOf(JsonElement body) =>
        body.TryGetProperty("options", out var options) && options.ValueKind == JsonValueKind.Object
            && options.TryGetProperty("num_predict", out var predict) ? predict.GetInt32()
        : body.TryGetProperty("max_completion_tokens", out var newer) ? newer.GetInt32()
        : body.TryGetProperty("max_tokens", out var most) && most.ValueKind == JsonValueKind.Number ? most.GetInt32()
        : null;

    private static bool IsThere(JsonElement body, string name) => body.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)
        && !(value.ValueKind == JsonValueKind.String && value.GetString() is "" or "none");
}
