using System.Text;
using System.Text.Json;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>JSON that came as a text within JSON, as the arguments of tools do.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Json = new() { MaxDepth = FleetJson.Requests.MaxDepth };

    /// <summary>The object that the text is; null when it is none, is nested too deeply or holds what is no text.</summary>
    public static JsonElement? ReadObject(string? text)
    {
        if (text is null)
            return null;
        try
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            return JsonSerializer.Deserialize<JsonElement>(utf8, Json) is { ValueKind: JsonValueKind.Object } value
                && UnusableText.Find(utf8) is null
                ? value
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
