using System.Globalization;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>How long something is kept, in words: <c>90s 30m 12h 7d forever</c>.</summary>
internal static class KeepText
{
    public const string Rule = "Write a number and a unit, as in 90s, 30m, 12h or 7d, of at most 100 years, or forever.";

    private const string Forever = "forever";
    private const long Longest = 36_500L * 86_400;

    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <param name="seconds">Null for ever.</param>
    public static bool TryParse(string text, out long? seconds)
    {
        seconds = null;
        if (text == Forever)
            return true;
        if (text.Length < 2 || !Units.Any(one => one.Unit == text[^1])
            || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return false;
        }

        seconds = count * Units.Single(one => one.Unit == text[^1]).Seconds;
        return seconds <= Longest;
    }

    public static string Of(long? seconds)
    {
        if (seconds is not { } some)
            return Forever;
        var (unit, length) = Units.First(one => some % one.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{some / length}{unit}");
    }
}
