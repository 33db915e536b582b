using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Hosting.Settings;

/// <summary>Sizes with units, as people write them: <c>8MiB</c>, <c>1.5 GB</c>. A unit alone, as <c>8M</c>, counts in 1,024s.</summary>
internal static partial class ByteSizes
{
    public const string Examples = "a number of bytes, also with a unit, such as 8388608 or 8MiB";

    private const string Letters = "kmgt";

    public static long? TryRead(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success || !decimal.TryParse(match.Groups["number"].Value, CultureInfo.InvariantCulture, out var number))
            return null;
        var unit = match.Groups["unit"].Value.ToLowerInvariant();
        var power = unit.Length == 0 ? 0 : Letters.IndexOf(unit[0], StringComparison.Ordinal) + 1;
        var factor = unit.EndsWith('b') && !unit.Contains('i', StringComparison.Ordinal) ? 1000m : 1024m;
        var bytes = number;
        for (var i = 0; i < power; i++)
        {
            if (bytes > long.MaxValue / factor)
                return null;
            bytes *= factor;
        }

        return bytes <= long.MaxValue ? (long)bytes : null;
    }

    [GeneratedRegex(@"^(?<number>\d{1,19}(\.\d{1,9})?)\s*((?<unit>[kmgt](i?b)?)|b|bytes)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Pattern();
}
