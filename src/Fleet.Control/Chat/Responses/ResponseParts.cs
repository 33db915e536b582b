using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Chat.Responses;

/// <summary>What a message consists of: a text, or parts that are texts and pictures.</summary>
internal sealed class ResponseParts
{
    private readonly StringBuilder _text = new();
    private readonly List<string> _images = [];

    public string Text => _text.ToString();

    public IReadOnlyList<string>? Images => _images.Count > 0 ? _images : null;

    /// <param name="field">Where it stands, for sentences.</param>
    /// <exception cref="ProblemException">It cannot be read, or not be given to a model.</exception>
    public static ResponseParts Read(JsonElement content, string field)
    {
        var parts = new ResponseParts();
        switch (content.ValueKind)
        {
            case JsonValueKind.String:
                parts._text.Append(content.GetString());
                break;
            case JsonValueKind.Array:
                foreach (var (place, part) in content.EnumerateArray().Index())
                    parts.Add(part, $"{field}[{place}]");
                break;
            default:
                throw Wrong(field, "This must be a text or a list of parts.");
        }

        return parts;
    }

    public static ProblemException Wrong(string field, string sentence) => new(Problem.Invalid(field, sentence));

    /// <summary>Null where there is no such text.</summary>
    public static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private void Add(JsonElement part, string field)
    {
        switch (TextOf(part, "type"))
        {
            case "input_text" or "output_text" or "text" or "summary_text" or "reasoning_text":
                _text.Append(TextOf(part, "text") ?? throw Wrong($"{field}.text", "This must be a text."));
                break;
            case "refusal":
                _text.Append(TextOf(part, "refusal"));
                break;
            case "input_image":
                _images.Add(Image(part, $"{field}.image_url"));
                break;
            default:
                throw Wrong($"{field}.type", "Use input_text, output_text or input_image.");
        }
    }

    /// <summary>Fleet fetches nothing for a caller: the picture itself has to be there.</summary>
    private static string Image(JsonElement part, string field)
    {
        var url = TextOf(part, "image_url");
        var comma = url?.IndexOf(',', StringComparison.Ordinal) ?? -1;
        return comma > 0
            && url!.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            && url.AsSpan(0, comma).EndsWith(";base64", StringComparison.OrdinalIgnoreCase)
            && Base64.IsValid(url.AsSpan(comma + 1))
                ? url[(comma + 1)..]
                : throw Wrong(field, "This must be a data URL with base64: data:image/png;base64,…");
    }
}
