using System.Globalization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Values of a query, as this wire reads them.</summary>
internal static class KanadeQuery
{
    /// <summary>Null where it is left out or empty.</summary>
    public static string? Text(HttpRequest request, string name) =>
        request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    /// <summary>A number that is larger than there can be of anything means all there is.</summary>
    /// <exception cref="ProblemException">It is no whole number, or less than nothing.</exception>
    public static int Number(HttpRequest request, string name, int otherwise)
    {
        if (Text(request, name) is not { } text)
            return otherwise;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (int)Math.Min(number, int.MaxValue)
            : throw Wrong($"Failed to deserialize query string: {name}: invalid digit found in string");
    }

    /// <exception cref="ProblemException">It is neither true nor false.</exception>
    public static bool Flag(HttpRequest request, string name) => Text(request, name) switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        _ => throw Wrong($"Failed to deserialize query string: {name}: provided string was not `true` or `false`"),
    };

    public static ProblemException Wrong(string sentence) => new(new ProblemResult(400, "invalid_field", sentence));
}
