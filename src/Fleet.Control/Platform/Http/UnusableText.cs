using System.Text.Json;

namespace Fleet.Control.Platform.Http;

/// <summary>
/// Finds text that cannot be kept: PostgreSQL's cannot hold NUL, and half of a surrogate pair is no character. JSON can
/// write both only as escapes, so most bodies cost two scans.
/// </summary>
internal static class UnusableText
{
    /// <summary>The first text or name of that kind in valid JSON, as a problem that names its field; null when there is none.</summary>
    public static ProblemResult? Find(ReadOnlySpan<byte> json) =>
        json.IndexOf("\\u0000"u8) < 0 && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0 ? null : Walk(json);

    private static ProblemResult? Walk(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = FleetJson.Options.MaxDepth });
        var path = new Stack<Level>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
            {
                path.Pop();
                continue;
            }

            var text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? Read(in reader) : "";
            if (reader.TokenType == JsonTokenType.PropertyName)
                path.Peek().Name = text ?? "?";
            else if (path.TryPeek(out var level))
                level.Index++;
            if (text is null)
                return Problem.Invalid(Written(path), "This is no Unicode: it holds half of a surrogate pair.");
            if (text.Contains('\0', StringComparison.Ordinal))
                return Problem.Invalid(Written(path), "This must not hold a NUL character.");
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
                path.Push(new Level(reader.TokenType == JsonTokenType.StartArray));
        }

        return null;
    }

    /// <summary>Null where it is no Unicode.</summary>
    private static string? Read(ref readonly Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
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
