using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Worker.Backups.Operations;

/// <summary>What <c>prune</c> says it freed: a line for people, in every version up to now.</summary>
internal static partial class PruneText
{
    private static readonly string[] _units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Bytes, as exactly as it says; null where it says nothing.</summary>
    public static long? Freed(IEnumerable<string> said) =>
        said.Select(line => Total().Match(line)).LastOrDefault(found => found.Success) is { } total
            ? (long)(double.Parse(total.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
                * Math.Pow(1024, Math.Max(0, Array.IndexOf(_units, total.Groups[2].Value))))
            : null;

    [GeneratedRegex(@"^total prune:\s+\d+ blobs / ([\d.]+) ([KMGTP]?i?B)")]
    private static partial Regex Total();
}
