using System.Text.Json;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Models.Ollama;

/// <summary>From what Ollama's clients write to what agents are told.</summary>
internal static class OllamaSpecs
{
    private const int MostInputs = 10_000;

    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    public static InferenceSpec Chat(OllamaChatRequest request, string model) => new(
        "chat",
        model,
        Messages: [.. (request.Messages ?? []).Select(Message)],
        ToolsJson: Tools(request.Tools),
        FormatJson: OfKind(request.Format, "format", JsonValueKind.String, JsonValueKind.Object),
        OptionsJson: OfKind(request.Options, "options", JsonValueKind.Object),
        ThinkJson: Think(request.Think),
        KeepAliveJson: KeepAlive(request.KeepAlive));

    public static InferenceSpec Generate(OllamaGenerateRequest request, string model) => new(
        "generate",
        NoContext(request, model),
        Prompt: request.Prompt ?? "",
        Suffix: request.Suffix,
        System: request.System,
        Template: request.Template,
        Raw: request.Raw ?? false,
        Images: Images(request.Images, "images"),
        FormatJson: OfKind(request.Format, "format", JsonValueKind.String, JsonValueKind.Object),
        OptionsJson: OfKind(request.Options, "options", JsonValueKind.Object),
        ThinkJson: Think(request.Think),
        KeepAliveJson: KeepAlive(request.KeepAlive));

    public static InferenceSpec Embed(OllamaEmbedRequest request, string model, IReadOnlyList<string> input) => new(
        "embed",
        model,
        Input: input,
        Truncate: request.Truncate,
        Dimensions: request.Dimensions is null or 0 ? null // as good as left out
            : CallFields.IsPossible(request.Dimensions) ? request.Dimensions
            : throw Wrong("dimensions", $"must be a whole number from 1 to {CallFields.MostDimensions}"),
        OptionsJson: OfKind(request.Options, "options", JsonValueKind.Object),
        KeepAliveJson: KeepAlive(request.KeepAlive));

    /// <summary>As Ollama takes it: an empty text is nothing to embed, one in a list is.</summary>
    /// <exception cref="ProblemException">It is neither a text nor a list of texts.</exception>
    public static IReadOnlyList<string> EmbedInput(JsonElement? input) =>
        Texts(input, "input") is [""] && input is { ValueKind: JsonValueKind.String } ? [] : Texts(input, "input");

    /// <summary>A text or a list of texts.</summary>
    /// <exception cref="ProblemException">It is neither.</exception>
    public static IReadOnlyList<string> Texts(JsonElement? input, string field)
    {
        var texts = input switch
        {
            { ValueKind: JsonValueKind.String } text => [text.GetString()!],
            { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
                list.EnumerateArray().Select(item => item.GetString()!).ToList(),
            null or { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => [],
            _ => throw Wrong(field, "must be a text or a list of texts"),
        };
        return texts.Count <= MostInputs ? texts : throw Wrong(field, $"has at most {MostInputs} texts");
    }

    private static string NoContext(OllamaGenerateRequest request, string model) =>
        ModelRequest.Raw(request.Context) is null or "[]"
            ? model
            : throw Wrong("context", "is not kept here: use /api/chat with the messages so far, or leave it out");

    private static ChatMessage Message(OllamaChatMessage? message, int place)
    {
        if (message is null)
            throw Wrong($"messages[{place}]", "must not be null");
        if (!Roles.Contains(message.Role))
            throw Wrong($"messages[{place}].role", $"must be one of {string.Join(", ", Roles)}");
        return new ChatMessage(
            message.Role!,
            message.Content ?? "",
            message.Thinking,
            Images(message.Images, $"messages[{place}].images"),
            OfKind(message.ToolCalls, $"messages[{place}].tool_calls", JsonValueKind.Array),
            message.ToolName,
            message.ToolCallId);
    }

    private static string? Tools(JsonElement? tools)
    {
        var raw = OfKind(tools, "tools", JsonValueKind.Array);
        return CallFields.NamelessTool(tools) is { } nameless ? throw Wrong(nameless, "is needed") : raw;
    }

    private static IReadOnlyList<string>? Images(IReadOnlyList<string>? images, string field) =>
        images?.All(CallFields.IsBase64) == false ? throw Wrong(field, "must be a list of images in base64") : images;

    private static string? Think(JsonElement? think) =>
        OfKind(think, "think", JsonValueKind.True, JsonValueKind.False, JsonValueKind.String);

    private static string? KeepAlive(JsonElement? keepAlive) =>
        OfKind(keepAlive, "keep_alive", JsonValueKind.String, JsonValueKind.Number);

    private static string? OfKind(JsonElement? element, string field, params JsonValueKind[] kinds) =>
        ModelRequest.Raw(element) is not { } raw ? null
        : element is { ValueKind: JsonValueKind.String } text && text.GetString() == "" ? null // as good as left out
        : kinds.Contains(element!.Value.ValueKind) ? raw
        : throw Wrong(field, $"must be {string.Join(" or ", kinds.Select(Name))}");

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static ProblemException Wrong(string field, string sentence) =>
        new(ModelRequest.Wrong(field, $"{field} {sentence}"));
}
