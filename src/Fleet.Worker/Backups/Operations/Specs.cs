using System.Text.Json;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Backups.Operations;

/// <summary>Reads what operations are told, and what restic says.</summary>
internal static class Specs
{
    public static UnreadableSpecException Missing(string part) =>
        new($"The part {part} is missing.", new JsonException());

    /// <summary>Null where there is no such text.</summary>
    public static string? Text(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Null where there is no such whole number.</summary>
    public static long? Whole(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } given && given.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    /// <summary>The items of a list; none where it is none, as restic writes null for an empty one.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? json, string? name = null)
    {
        if (json is not { } given)
            return [];
        if (name is not null && (given.ValueKind != JsonValueKind.Object || !given.TryGetProperty(name, out given)))
            return [];
        return given.ValueKind == JsonValueKind.Array ? given.EnumerateArray() : [];
    }

    /// <summary>Whether a path is one of these or below one; with none given, all are.</summary>
    public static bool IsAmong(string path, IReadOnlyList<string> chosen) => chosen.Count == 0
        || chosen.Any(one => path == one || path.StartsWith(one.TrimEnd('/') + "/", StringComparison.Ordinal));
}
