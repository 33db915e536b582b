using System.Globalization;
using System.Text;

namespace Fleet.Console.Text;

/// <summary>Numbers, times and texts as people read them.</summary>
internal static class Words
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Text of strangers on one line: what shows nothing, or turns the direction of others, is shown as what it is.</summary>
    public static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";
        if (!text.Any(letter => AnsiText.Visible(letter).Length > 1 || letter is < ' ' or '\u007f'))
            return text;
        var plain = new StringBuilder();
        foreach (var letter in text)
            plain.Append(letter is '\n' or '\t' ? " " : AnsiText.Visible(letter));
        return plain.ToString();
    }

    /// <summary>Text of strangers with its lines.</summary>
    public static string Lines(string? text) =>
        string.Concat((text ?? "").Select(letter => letter is '\n' ? "\n" : letter is '\r' ? "" : AnsiText.Visible(letter)));

    public static string Bytes(long? bytes)
    {
        if (bytes is not { } size)
            return "–";
        var (value, unit) = ((double)size, 0);
        while (value >= 1024 && unit < Units.Length - 1)
            (value, unit) = (value / 1024, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {Units[unit]}");
    }

    /// <summary>A version with the beginning of its revision.</summary>
    public static string Version(string? version) =>
        Plain(version?.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && version.Length > plus + 8
            ? version[..(plus + 8)]
            : version);

    public static string Count(long? number) => number is { } n ? n.ToString("N0", CultureInfo.InvariantCulture) : "–";

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => $"{Math.Max(0, (int)span.TotalMilliseconds)} ms",
        { TotalSeconds: < 60 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} days",
    };

    /// <summary>How long ago, or until then, roughly.</summary>
    public static string Ago(DateTimeOffset at, DateTimeOffset now)
    {
        var past = now - at;
        var size = past.Duration() switch
        {
            { TotalSeconds: < 5 } => "now",
            { TotalSeconds: < 60 } span => $"{(int)span.TotalSeconds} s",
            { TotalMinutes: < 60 } span => $"{(int)span.TotalMinutes} min",
            { TotalHours: < 48 } span => $"{(int)span.TotalHours} h",
            var span => $"{(int)span.TotalDays} d",
        };
        return size == "now" ? "just now" : past < TimeSpan.Zero ? $"in {size}" : $"{size} ago";
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A value of the filter language.</summary>
    public static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
