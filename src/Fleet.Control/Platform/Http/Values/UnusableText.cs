using System.Text.Json;
using System.Text.Unicode;

namespace Fleet.Control.Platform.Http.Values;

/// <summary>
/// Finds text that cannot be kept: bytes that are no UTF-8, half of a surrogate pair, which is no character, and NUL, which
/// PostgreSQL's text cannot hold. JSON can write the last two only as escapes, so most bodies cost a few scans.
/// </summary>
internal static class UnusableText
{
    private const string HalfPair = "This is no Unicode: it holds half of a surrogate pair.";

    /// <summary>The first text or name of that kind, as a problem that names its field; null when there is none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static ProblemResult? Find(ReadOnlySpan<byte> json) =>
        Utf8.IsValid(json)
        && json.IndexOf("\\u0000"u8) < 0 && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0 ? null : Walk(json);

    private static ProblemResult? Walk(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = FleetJson.Options.MaxDepth });
        var path = new JsonFieldPath();
        while (reader.Read())
        {
            var token = reader.TokenType;
            var text = token is JsonTokenType.String or JsonTokenType.PropertyName ? Read(in reader) : "";
            path.Follow(token, text);
            if (text is null)
                return Problem.Invalid(path.ToString(), Utf8.IsValid(reader.ValueSpan) ? HalfPair : "This is not valid UTF-8.");
            if (text.Contains('\0', StringComparison.Ordinal))
                return Problem.Invalid(path.ToString(), "This must not hold a NUL character.");
            path.Enter(token);
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
}
