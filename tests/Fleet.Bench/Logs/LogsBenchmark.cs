using System.Globalization;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;

namespace Fleet.Bench.Logs;

/// <summary>
/// 1, 10 and 50 watchers of short lines; then long lines with and without one who reads nothing. Long, because the
/// kernel alone holds megabytes for a reader on the same machine, and a short log would never stall.
/// </summary>
internal sealed class LogsBenchmark(BenchOptions options, LogPhase log, PhaseRunner phases)
{
    public const string Section = "logs";
    private const int LongLine = 100;
    public const int FewestLongLines = 200_000;

    private static readonly int[] Readers = [1, 10, 50];
    private readonly int _longLines = Math.Max(options.Lines, FewestLongLines);

    public async Task Run()
    {
        await phases.Run("warm-up", Section, stop => log.Run(new LogScenario(2, false, 0), options.Lines / 10, stop));
        for (var run = 1; run <= options.Runs; run++)
        {
            Progress.Say($"round {run} of {options.Runs}");
            foreach (var count in Readers)
                await Measure(new LogScenario(count, false, 0), options.Lines);
            foreach (var count in options.Quick ? [10] : Readers)
            {
                await Measure(new LogScenario(count, false, LongLine), _longLines);
                await Measure(new LogScenario(count, true, LongLine), _longLines);
            }
        }
    }

    /// <summary>Sentences on what one stalled watcher costs the others: by how much later they are done.</summary>
    public static IEnumerable<string> CostOfStalling(Results results)
    {
        var last = results.Of(Section).ToDictionary(
            runs => runs.Key, runs => Median.Of(runs.Select(run => run.Figures["read_last_s"])));
        foreach (var count in Readers)
        {
            if (last.TryGetValue(new LogScenario(count, false, LongLine).Name, out var without)
                && last.TryGetValue(new LogScenario(count, true, LongLine).Name, out var with))
            {
                var percent = Math.Round(100 * (with / without - 1));
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {count} reading: {without:F2} s; beside a stalled one: {with:F2} s, {percent:+0;-0;0} %.");
            }
        }
    }

    private Task Measure(LogScenario scenario, int lines) =>
        phases.Run(Section, scenario.Name, stop => log.Run(scenario, lines, stop));
}
