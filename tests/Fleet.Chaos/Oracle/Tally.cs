namespace Fleet.Chaos.Oracle;

/// <summary>Counts equal words: <c>3 Failed, 14 Succeeded</c>.</summary>
internal static class Tally
{
    public static string Of(IEnumerable<string?> words)
    {
        var counts = words.GroupBy(word => word ?? "none").OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => $"{same.Count()} {same.Key}").ToList();
        return counts.Count == 0 ? "none" : string.Join(", ", counts);
    }
}
