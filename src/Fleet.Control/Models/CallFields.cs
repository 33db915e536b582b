using System.Text.Json;

namespace Fleet.Control.Models;

/// <summary>
/// What both wires refuse at the door. Upstreams do not agree on what they say to it, and a call that cannot succeed
/// would use up its attempts.
/// </summary>
internal static class CallFields
{
    public const int MostDimensions = 65_536;

    /// <summary>Lines may be broken, as some encoders do.</summary>
    public static bool IsBase64(string? text) => text is not null
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '=' or '\r' or '\n');

    /// <summary>Where in a list of tools the first one stands that has no function with a name; null when all have.</summary>
    public static string? NamelessTool(JsonElement? tools)
    {
        if (tools is not { ValueKind: JsonValueKind.Array } list)
            return null;
        foreach (var (place, tool) in list.EnumerateArray().Index())
        {
            if (!IsNamed(tool))
                return $"tools[{place}].function.name";
        }

        return null;
    }

    public static bool IsPossible(int? dimensions) => dimensions is null or (>= 1 and <= MostDimensions);

    private static bool IsNamed(JsonElement tool) => tool.ValueKind == JsonValueKind.Object
        && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && name.GetString() is { Length: > 0 };
}
