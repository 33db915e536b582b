using System.Diagnostics;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.History;

/// <summary>
/// The same questions and the same work with little history and with much, and beside searches that go through all of it.
/// </summary>
internal sealed class HistoryBenchmark(BenchOptions options, FleetHome home, FleetApi api, PhaseRunner phases)
{
    public const string Lists = "history lists";
    public const string Work = "history work";
    public const string Searches = "history searches";

    /// <summary>So many that every question has a full page.</summary>
    private const int Little = 2_000;

    /// <summary>Slow for every engine that has back-references.</summary>
    private const string Hostile = "^(.*)(.*)(.*)(.*)(.*)\\5\\4\\3\\2\\1$";

    public async Task Run(CancellationToken stop)
    {
        await using var history = new HistoryTable(home.Postgres);
        await using var table = new JobsTable(home.Postgres);
        using var small = new FleetApi(home.Edge, await api.NewKey(HistoryTable.SmallTenant, stop));
        await history.Fill(1, Little, _ => { }, stop);
        await Measure("little", history, table, small, stop);
        await history.Fill(
            Little + 1, options.History, done => Progress.Say($"  {done:N0} jobs of {options.History:N0}"), stop);
        await Measure("much", history, table, small, stop);

        await Search("an expression over every output", "output~OutOfMemoryError", history, table);
        await Search("a hostile expression over every output", $"output~\"{Hostile.Replace(@"\", @"\\", StringComparison.Ordinal)}\"", history, table);
    }

    private async Task Measure(string how, HistoryTable history, JobsTable table, FleetApi small, CancellationToken stop)
    {
        var name = $"{how}: {await history.Count(stop):N0} jobs";
        var job = WireText.Of(await history.Some(1_000, stop));
        await phases.Run(Lists, name, async patience =>
        {
            var figures = new Dictionary<string, double>();
            foreach (var (question, took) in await new HistoryQuestions(api, small).Ask(job, options.Asks, patience))
                took.AddTo(figures, question);
            return figures;
        });
        await phases.Run(Work, name, patience => AtWork(history, table, patience));
    }

    /// <summary>Jobs at an even pace, and how evenly heartbeats are stored meanwhile.</summary>
    private async Task<Dictionary<string, double>> AtWork(HistoryTable history, JobsTable table, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var beats = new BeatWatch(history).Watch(over.Token);
        var figures = await PacedPhase.Run(
            new FleetOverHttp(api, table), options.PacedPerSecond, options.PacedSeconds, stop);
        await over.CancelAsync();
        (await beats).AddTo(figures, "beat_late");
        return figures;
    }

    private async Task Search(string name, string filter, HistoryTable history, JobsTable table)
    {
        var (pages, found, took) = (0, 0, new Latencies());
        await phases.Run(Work, $"much, beside {name}", async stop =>
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var searching = Repeat(over.Token);
            var figures = await AtWork(history, table, stop);
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
                    var page = await api.Search(filter, next, stop);
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
