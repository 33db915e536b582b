using System.Text.Json;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Finds text that PostgreSQL cannot hold. JSON can write NUL only as an escape, so most bodies cost one scan.
/// </summary>
internal static class NulCharacter
{
    /// <summary>Path of the first text or name with a NUL in valid JSON; null when there is none.</summary>
    public static string? Find(ReadOnlySpan<byte> json) =>
        json.IndexOf("\\u0000"u8) < 0 ? null : Walk(json);

    private static string? Walk(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        var path = new Stack<Level>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                path.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                path.Peek().Name = reader.GetString()!;
                if (path.Peek().Name.Contains('\0', StringComparison.Ordinal))
                    return Written(path);
                continue;
            }

            if (path.TryPeek(out var level))
                level.Index++;
            if (reader.TokenType == JsonTokenType.String && reader.GetString()!.Contains('\0', StringComparison.Ordinal))
                return Written(path);
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                path.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
        }

        return null;
    }

    private static string Written(Stack<Level> path)
    {
        var written = string.Concat(path.Reverse().Select(level => level.IsList ? $"[{level.Index}]" : $".{level.Name}"));
        return written.TrimStart('.').Replace('\0', '?') is { Length: > 0 } field ? field : "body";
    }

    private sealed class Level(bool isList)
    {
        public bool IsList { get; } = isList;
        public int Index { get; set; } = -1;
        public string Name { get; set; } = "";
    }
}
