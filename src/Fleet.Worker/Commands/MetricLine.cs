using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Fleet.Worker.Attempts;

namespace Fleet.Worker.Commands;

/// <summary>
/// A line <c>::metric name=value step=n</c>: values of metrics, and the step they belong to, which may be left out. <c>nan</c> and
/// <c>inf</c> are values too, in the spellings that languages have for them.
/// </summary>
internal static class MetricLine
{
    private const int LongestName = 250;

    private static ReadOnlySpan<byte> Beginning => "::metric "u8;

    /// <summary>Whether the first bytes of a line are those of a line of metrics.</summary>
    public static bool MayBecomeOne(ReadOnlySpan<byte> first) =>
        first.Length <= Beginning.Length ? Beginning.StartsWith(first) : first.StartsWith(Beginning);

    /// <summary>Null when the line is something else.</summary>
    public static IReadOnlyList<Measurement>? Read(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(Beginning) || !Utf8.IsValid(line))
            return null;
        var values = new List<(string Name, double Value)>();
        long? step = null;
        foreach (var word in Encoding.UTF8.GetString(line[Beginning.Length..]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.LastIndexOf('=');
            if (at is < 1 or > LongestName || !IsName(word[..at]))
                return null;
            var (name, text) = (word[..at], word[(at + 1)..]);
            if (name == "step" && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                step = number;
            else if (name != "step" && Number(text) is { } value)
                values.Add((name, value));
            else
                return null;
        }

        return values.Count == 0 ? null : values.ConvertAll(one => new Measurement(one.Name, one.Value, step));
    }

    /// <summary>As Control takes it: one that can stand in a path.</summary>
    private static bool IsName(string name) => !name.Any(char.IsControl) && !name.Split('/').Any(part => part is "." or "..");

    private static double? Number(string text) => text.ToLowerInvariant() switch
    {
        "nan" or "-nan" => double.NaN,
        "inf" or "+inf" or "infinity" or "+infinity" => double.PositiveInfinity,
        "-inf" or "-infinity" => double.NegativeInfinity,
        _ when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) => value,
        _ => null,
    };
}
