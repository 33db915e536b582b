using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Fleet.Client;

/// <summary>How JSON of the API is read and written: snake_case, and what is not known is passed over.</summary>
public static class FleetJson
{
    /// <summary>For what the fleet says, and for showing it: every field is there.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        MaxDepth = 128,
        Encoder = JavaScriptEncoder.Create(Visible()),
    };

    /// <summary>For what is asked: a field without a value is left out.</summary>
    public static JsonSerializerOptions Requests { get; } = new(Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Characters that show nothing, or turn the direction of others, are written as escapes, as control characters are.</summary>
    private static TextEncoderSettings Visible()
    {
        var visible = new TextEncoderSettings(UnicodeRanges.All);
        visible.ForbidCharacters([.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code)
            .Where(one => CharUnicodeInfo.GetUnicodeCategory(one) == UnicodeCategory.Format)]);
        return visible;
    }
}
