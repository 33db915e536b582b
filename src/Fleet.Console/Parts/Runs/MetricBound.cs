using System.Globalization;
using Fleet.Client.Experiments;

namespace Fleet.Console.Parts.Runs;

/// <summary>Bounds of metrics as people write them: <c>loss&lt;0.1 accuracy&gt;0.9</c>, both ends included.</summary>
internal static class MetricBound
{
    /// <param name="bounds">Null where nothing is written.</param>
    public static bool TryRead(string? text, out IReadOnlyDictionary<string, MetricBounds>? bounds)
    {
        bounds = null;
        if (string.IsNullOrWhiteSpace(text))
            return true;
        var read = new Dictionary<string, MetricBounds>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = word.IndexOfAny(['<', '>']);
            if (at <= 0 || !double.TryParse(word[(at + 1)..].TrimStart('='), NumberStyles.Float, CultureInfo.InvariantCulture, out var end)
                || !double.IsFinite(end))
                return false;
            var known = read.GetValueOrDefault(word[..at], new MetricBounds());
            read[word[..at]] = word[at] == '<' ? known with { Max = end } : known with { Min = end };
        }

        bounds = read;
        return true;
    }
}
