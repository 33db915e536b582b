using System.Globalization;

namespace Fleet.Protocol.Patterns;

/// <summary>Counted repetitions: <c>{2}</c>, <c>{2,}</c>, <c>{2,5}</c>.</summary>
internal static class PatternCounts
{
    /// <summary>Of one, and of those within one another.</summary>
    public const int Most = 1000;

    /// <summary>Null where it is no count but a bracket that stands for itself.</summary>
    /// <exception cref="PatternException">It is too large, or its end lies before its beginning.</exception>
    public static (int Least, int? Most)? Read(string text, ref int at)
    {
        var end = text.IndexOf('}', at);
        if (end < 0)
            return null;
        var inner = text[(at + 1)..end];
        var parts = inner.Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || parts.Any(part => !part.All(char.IsAsciiDigit)))
            return null;
        var least = Count(parts[0]);
        int? most = parts.Length == 1 ? least : parts[1].Length == 0 ? null : Count(parts[1]);
        if (least > Most || most > Most || most < least)
            throw new PatternException($"invalid repetition size: {{{inner}}}");
        at = end + 1;
        return (least, most);
    }

    private static int Count(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
}
