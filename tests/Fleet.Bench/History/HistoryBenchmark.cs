using System.Diagnostics;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.History;

/// <summary>
/// The same questions and the same work with little history and with much, and beside searches through all of it.
/// </summary>
internal sealed class HistoryBenchmark(BenchOptions options, FleetHome home, PhaseRunner phases)
{
    public const string Lists = "history lists";
    public const string Work = "history work";
    public const string Searches = "history searches";

    /// <summary>So many that every question has a full page.</summary>
    private const int Little = 2_000;

    private const int WarmUps = 5;

    /// <summary>Slow for every engine that has back-references.</summary>
    private const string Hostile = @"^(.*)(.*)(.*)(.*)(.*)\\5\\4\\3\\2\\1$";

    /// <summary>Two fleets take turns, so that what disturbs the machine disturbs them alike; one is measured twice.</summary>
    public async Task Run(CancellationToken stop)
    {
        await using var much = await HistoryFleet.Of("much", home, stop);
        await much.History.Fill(1, Little, _ => { }, stop);
        if (options.Beside is { } other)
        {
            await using var little = await HistoryFleet.Of("little", FleetHome.At(other), stop);
            await little.History.Fill(1, Little, _ => { }, stop);
            await Fill(much, stop);
            await Measure([little, much]);
        }
        else
        {
            await using var little = await HistoryFleet.Of("little", home, stop);
            await Measure([little]);
            await Fill(much, stop);
            await Measure([much]);
        }

        await Search("an expression over every output", "output~OutOfMemoryError", much);
        await Search("a hostile expression over every output", $"output~\"{Hostile}\"", much);
    }

    private Task Fill(HistoryFleet fleet, CancellationToken stop) => fleet.History.Fill(
        Little + 1, options.History, done => Progress.Say($"  {done:N0} jobs of {options.History:N0}"), stop);

    private async Task Measure(HistoryFleet[] fleets)
    {
        var questions = fleets.Select(fleet => fleet.Questions()).ToArray();
        await phases.Run(Lists, "asked in turn", stop => Ask(fleets, questions, stop));
        foreach (var (fleet, asked) in fleets.Zip(questions))
        {
            await phases.Run(Lists, fleet.Name, _ => Task.FromResult(asked.Figures()));
        }

        for (var run = 0; run < options.Runs; run++)
        {
            foreach (var fleet in fleets)
                await phases.Run(Work, fleet.Name, stop => AtWork(fleet, stop));
        }
    }

    private async Task<Dictionary<string, double>> Ask(
        HistoryFleet[] fleets, HistoryQuestions[] questions, CancellationToken stop)
    {
        var figures = new Dictionary<string, double>();
        var jobs = new List<string>();
        foreach (var fleet in fleets)
        {
            jobs.Add(WireText.Of(await fleet.History.Some(1_000, stop)));
            figures[$"{fleet.Name}_jobs"] = await fleet.History.Count(stop);
        }

        for (var i = 0; i < WarmUps + options.Asks; i++)
        {
            for (var place = 0; place < fleets.Length; place++)
                await questions[place].Ask(jobs[place], i >= WarmUps, stop);
        }

        return figures;
    }

    /// <summary>Jobs at an even pace, and how evenly heartbeats are stored meanwhile.</summary>
    private async Task<Dictionary<string, double>> AtWork(HistoryFleet fleet, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beats = new BeatWatch(fleet.History).Watch(over.Token);
        var figures = await PacedPhase.Run(
            new FleetOverHttp(fleet.Api, fleet.Table), options.PacedPerSecond, options.PacedSeconds, stop);
        await over.CancelAsync();
        (await beats).AddTo(figures, "beat_late");
        return figures;
    }

    private async Task Search(string name, string filter, HistoryFleet fleet)
    {
        var (pages, found, took) = (0, 0, new Latencies());
        await phases.Run(Work, $"much, beside {name}", async stop =>
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var searching = Repeat(over.Token);
            var figures = await AtWork(fleet, stop);
            await over.CancelAsync();
            await searching;
            return figures;
        });
        await phases.Run(Searches, name, _ =>
        {
            var figures = new Dictionary<string, double> { ["pages"] = pages, ["found"] = found };
            took.AddTo(figures, "page");
            return Task.FromResult(figures);
        });

        // page after page, and from the start again
        async Task Repeat(CancellationToken stop)
        {
            string? next = null;
            while (!stop.IsCancellationRequested)
            {
                var sent = Stopwatch.GetTimestamp();
                try
                {
                    var page = await fleet.Api.Search(filter, next, stop);
                    (next, found) = (page.Next, found + page.Found);
                    pages++;
                    took.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }
}
