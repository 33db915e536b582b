using System.Globalization;

namespace Fleet.Control.Manifests.Documents;

/// <summary>Spans of time as people write them, in units behind whole numbers: <c>30s</c>, <c>1h 30m</c>, <c>2days</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_525);

    private static readonly Dictionary<string, double> Seconds = new[]
    {
        ("ns nsec", 1e-9),
        ("us usec", 1e-6),
        ("ms msec millis", 1e-3),
        ("s sec secs second seconds", 1),
        ("m min mins minute minutes", 60),
        ("h hr hrs hour hours", 3600),
        ("d day days", 86_400),
        ("w week weeks", 604_800),
        ("M month months", 2_630_016),
        ("y year years", 31_557_600),
    }.SelectMany(unit => unit.Item1.Split(' ').Select(name => (name, unit.Item2))).ToDictionary();

    /// <param name="why">What would be right; empty where it is.</param>
    public static bool TryParse(string text, out TimeSpan span, out string why)
    {
        (span, why) = (TimeSpan.Zero, "");
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            why = "value was empty";
            return false;
        }

        var total = 0d;
        while (!rest.IsEmpty)
        {
            var digits = Length(rest, char.IsAsciiDigit);
            var unit = rest[digits..].TrimStart();
            var letters = Length(unit, char.IsAsciiLetter);
            if (digits is 0 or > 15)
            {
                why = "expected number, such as 30s or 1h 30m";
                return false;
            }

            if (!Seconds.TryGetValue(unit[..letters].ToString(), out var worth))
            {
                why = letters == 0 ? $"time unit needed, for example {rest[..digits]}sec" : $"unknown time unit \"{unit[..letters]}\"";
                return false;
            }

            total += long.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture) * worth;
            rest = unit[letters..].TrimStart();
        }

        if (total > Longest.TotalSeconds)
        {
            why = "number is too large";
            return false;
        }

        span = TimeSpan.FromSeconds(total);
        return true;
    }

    /// <summary>The shortest way to say it in whole units: <c>6h</c>, <c>90m</c>.</summary>
    public static string Format(TimeSpan span)
    {
        foreach (var (unit, worth) in ((string, long)[])[("d", 86_400), ("h", 3600), ("m", 60)])
        {
            if (span.TotalSeconds >= worth && span.TotalSeconds % worth == 0)
                return string.Create(CultureInfo.InvariantCulture, $"{(long)(span.TotalSeconds / worth)}{unit}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###}s");
    }

    private static int Length(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        var length = 0;
        while (length < text.Length && belongs(text[length]))
            length++;
        return length;
    }
}
