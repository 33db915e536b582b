using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Protocol.Filters;

/// <summary>
/// A point in time as people and programs ask for it: a date, or a time of RFC 3339, of which seconds and offset may be left
/// out. Without an offset it is UTC, and a date is its beginning.
/// </summary>
public static partial class MomentText
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    public static bool TryRead(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        Finer().Replace(text, "$1").ToUpperInvariant(), Forms, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    /// <summary>RFC 3339 sets no limit to the digits of a second; as many as are kept are read.</summary>
    [GeneratedRegex(@"(\.[0-9]{7})[0-9]+")]
    private static partial Regex Finer();
}
