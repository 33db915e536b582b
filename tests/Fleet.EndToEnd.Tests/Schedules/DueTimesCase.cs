using System.Globalization;

namespace Fleet.EndToEnd.Tests.Schedules;

/// <summary>An expression, a zone, and the instant after which due times are asked for.</summary>
internal sealed record DueTimesCase(string Expression, string Zone, string From)
{
    /// <summary>
    /// Null where both have the same times; otherwise a line with <c>+</c> before each time that is only due here and
    /// <c>-</c> before each that is only due there, as far as both lists go.
    /// </summary>
    public string? Compare(DateTimeOffset[] here, DateTimeOffset[] there)
    {
        var end = here[^1] < there[^1] ? here[^1] : there[^1];
        var differences = Only(here, there, end, '+').Concat(Only(there, here, end, '-')).ToList();
        return differences.Count == 0 ? null : $"{Expression} | {Zone} | {string.Join(' ', differences)}";
    }

    private static IEnumerable<string> Only(DateTimeOffset[] ones, DateTimeOffset[] others, DateTimeOffset end, char sign) => ones
        .Except(others).Where(time => time <= end)
        .Select(time => $"{sign}{time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture)}");
}
