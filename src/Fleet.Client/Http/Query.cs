using System.Globalization;

namespace Fleet.Client.Http;

/// <summary>The query of a path; what has no value is left out.</summary>
internal static class Query
{
    public static string With(string path, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (name, value) in fields)
        {
            if (Text(value) is not { } text)
                continue;
            path = $"{path}{separator}{name}={Uri.EscapeDataString(text)}";
            separator = '&';
        }

        return path;
    }

    /// <summary>A name as a part of a path.</summary>
    public static string Part(string name) => Uri.EscapeDataString(name);

    private static string? Text(object? value) => value switch
    {
        null or "" or false => null,
        true => "true",
        DateTimeOffset time => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
