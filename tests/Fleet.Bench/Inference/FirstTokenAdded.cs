using System.Globalization;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;

namespace Fleet.Bench.Inference;

/// <summary>What the way through Fleet adds to the first token, beside the same question to the upstream itself.</summary>
internal static class FirstTokenAdded
{
    public const string Fleet = "Fleet";
    public const string Upstream = "the upstream itself";

    /// <summary>A sentence for each section that measured both ways.</summary>
    public static IEnumerable<string> Sentences(Results results, params (string Section, string What)[] sections)
    {
        foreach (var (section, what) in sections)
        {
            var runs = results.Of(section).ToDictionary(runs => runs.Key);
            if (!runs.TryGetValue(Upstream, out var without) || !runs.TryGetValue(Fleet, out var with))
                continue;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"  Added to {what}: p50 {Difference("first_p50_ms"):F1} ms, p99 {Difference("first_p99_ms"):F1} ms.");

            double Difference(string figure) =>
                Median.Of(with.Select(run => run.Figures[figure])) - Median.Of(without.Select(run => run.Figures[figure]));
        }
    }
}
