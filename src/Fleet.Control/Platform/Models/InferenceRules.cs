using System.Text.Json;

namespace Fleet.Control.Platform.Models;

/// <summary>What a model call must look like. Each rule has a sentence that says what would be right.</summary>
/// <param name="refuse">Takes a field below <c>inference</c>, and its sentence.</param>
internal sealed class InferenceRules(Action<string, string> refuse)
{
    /// <summary>Of a model's name; the demand of the job holds it.</summary>
    public const int MostName = 200;

    private const int MostMessages = 2000;
    private const int MostInputs = 2048;
    private const int MostDimensions = 65_536;

    /// <summary>Of all texts: as JSON, where one character may take six bytes, a message of the broker holds them.</summary>
    private const int MostText = 2 * 1024 * 1024;

    /// <summary>Base64, of which a character takes one byte.</summary>
    private const int MostImages = 6 * 1024 * 1024;

    public static readonly IReadOnlyList<string> Operations = ["chat", "generate", "embed"];

    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    public void Check(InferenceRequest call)
    {
        if (!Operations.Contains(call.Operation))
            refuse("operation", $"Use one of {string.Join(", ", Operations)}.");
        if (call.Model is not { Length: > 0 and <= MostName } || call.Model.Any(char.IsControl))
            refuse("model", $"This is needed: the name of a model, with at most {MostName} characters.");
        Belongs(call.Operation == "chat", "chat", ("messages", call.Messages is not null), ("tools", IsThere(call.Tools)));
        Belongs(
            call.Operation == "generate",
            "generate",
            ("prompt", call.Prompt is not null),
            ("suffix", call.Suffix is not null),
            ("system", call.System is not null),
            ("template", call.Template is not null),
            ("raw", call.Raw),
            ("images", call.Images is not null));
        Belongs(
            call.Operation == "embed",
            "embed",
            ("input", IsThere(call.Input)),
            ("truncate", call.Truncate is not null),
            ("dimensions", call.Dimensions is not null));
        Belongs(
            call.Operation != "embed",
            "chat and generate",
            ("format", IsThere(call.Format)),
            ("think", IsThere(call.Think)));
        if (call.Operation == "chat")
            Messages(call.Messages);
        if (call.Operation == "generate" && call.Prompt is null)
            refuse("prompt", "The operation generate needs this.");
        if (call.Operation == "embed")
            Input(call.Input);
        Images("images", call.Images);
        Shapes(call);
        if (call.Dimensions is < 1 or > MostDimensions)
            refuse("dimensions", $"This must be a whole number from 1 to {MostDimensions}.");
        Size(call);
    }

    private void Messages(List<ChatMessageRequest?>? messages)
    {
        if (messages is not { Count: > 0 and <= MostMessages })
        {
            refuse("messages", $"The operation chat needs 1 to {MostMessages} messages.");
            return;
        }

        for (var i = 0; i < messages.Count; i++)
        {
            var (at, message) = ($"messages[{i}]", messages[i]);
            if (message is null)
            {
                refuse(at, "This must not be null.");
                continue;
            }

            if (!Roles.Contains(message.Role))
                refuse($"{at}.role", $"Use one of {string.Join(", ", Roles)}.");
            if (message.Content is null && !IsThere(message.ToolCalls))
                refuse($"{at}.content", "This is needed.");
            Images($"{at}.images", message.Images);
            if (IsThere(message.ToolCalls) && !IsCalls(message.ToolCalls!.Value))
                refuse($"{at}.tool_calls", "This must be a list of {\"function\": {\"name\": …, \"arguments\": {…}}}.");
        }
    }

    private static bool IsCalls(JsonElement calls) => calls.ValueKind == JsonValueKind.Array
        && calls.EnumerateArray().All(call => call.ValueKind == JsonValueKind.Object
            && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String);

    private void Input(JsonElement? input)
    {
        if (input is { ValueKind: JsonValueKind.String })
            return;
        if (input is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > MostInputs
            || list.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
            refuse("input", $"The operation embed needs a text, or a list of 1 to {MostInputs} texts.");
    }

    private void Images(string field, List<string?>? images)
    {
        if (images?.Any(image => image is null || !IsBase64(image)) == true)
            refuse(field, "This must be a list of images in base64.");
    }

    private static bool IsBase64(string text) =>
        text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '=');

    private void Shapes(InferenceRequest call)
    {
        Kind("tools", call.Tools, "This must be a list of tools.", JsonValueKind.Array);
        Kind("format", call.Format, "This must be \"json\" or a JSON schema.", JsonValueKind.String, JsonValueKind.Object);
        Kind("options", call.Options, "This must be an object.", JsonValueKind.Object);
        Kind(
            "think", call.Think, "This must be true, false, or a level such as \"high\".",
            JsonValueKind.True, JsonValueKind.False, JsonValueKind.String);
        Kind(
            "keep_alive", call.KeepAlive, "This must be a duration such as \"5m\", or seconds.",
            JsonValueKind.String, JsonValueKind.Number);
    }

    private void Kind(string field, JsonElement? value, string sentence, params JsonValueKind[] kinds)
    {
        if (IsThere(value) && !kinds.Contains(value!.Value.ValueKind))
            refuse(field, sentence);
    }

    private void Belongs(bool isItsOperation, string operation, params (string Field, bool IsThere)[] fields)
    {
        foreach (var (field, _) in fields.Where(field => field.IsThere && !isItsOperation))
            refuse(field, $"Only {operation} has this.");
    }

    private void Size(InferenceRequest call)
    {
        var messages = (call.Messages ?? []).OfType<ChatMessageRequest>().ToList();
        string?[] texts =
        [
            call.Prompt, call.Suffix, call.System, call.Template,
            .. messages.SelectMany(message =>
                (string?[])[message.Content, message.Thinking, message.ToolName, message.ToolCallId]),
        ];
        JsonElement?[] values =
        [
            call.Input, call.Tools, call.Format, call.Options, call.Think, call.KeepAlive,
            .. messages.Select(message => message.ToolCalls),
        ];
        var length = texts.Sum(text => (long)(text?.Length ?? 0))
            + values.Sum(value => IsThere(value) ? (long)value!.Value.GetRawText().Length : 0);
        if (length > MostText)
            refuse("", $"All texts of a model call together have at most {MostText} characters.");
        var images = (call.Images ?? []).Concat(messages.SelectMany(message => message.Images ?? []));
        if (images.Sum(image => (long)(image?.Length ?? 0)) > MostImages)
            refuse("", $"All images of a model call together have at most {MostImages} characters of base64.");
    }

    private static bool IsThere(JsonElement? value) =>
        value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
}
