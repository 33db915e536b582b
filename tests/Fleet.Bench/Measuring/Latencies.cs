using System.Collections.Concurrent;

namespace Fleet.Bench.Measuring;

/// <summary>Milliseconds, every one kept: runs are small enough for exact percentiles.</summary>
internal sealed class Latencies
{
    private readonly ConcurrentBag<double> _values = [];

    public void Add(double milliseconds) => _values.Add(milliseconds);

    /// <summary>Adds p50, p99 and max under names that start with <paramref name="prefix"/>.</summary>
    public void AddTo(Dictionary<string, double> figures, string prefix)
    {
        var sorted = _values.Order().ToArray();
        if (sorted.Length == 0)
            return;
        figures[$"{prefix}_p50_ms"] = AtRank(sorted, 0.50);
        figures[$"{prefix}_p99_ms"] = AtRank(sorted, 0.99);
        figures[$"{prefix}_max_ms"] = sorted[^1];
    }

    private static double AtRank(double[] sorted, double share) =>
        sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)];
}
