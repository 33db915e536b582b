using System.CommandLine;
using System.Net;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary><c>fleet experiment metrics</c>: what runs measured, as pictures made of letters; several runs on one scale.</summary>
internal static class MetricsCommand
{
    private const int Points = 400;
    private const int InPipes = 60;
    private const int Beside = 16;

    public static Command Build(Terminal terminal)
    {
        var runs = new Argument<string[]>("runs") { Description = "The ids of one or several runs", Arity = ArgumentArity.OneOrMore };
        var names = new Option<string[]>("--metric") { Description = "Only this metric; may be repeated", HelpName = "name" };
        var height = new Option<int>("--height") { Description = "Lines of a picture", HelpName = "lines", DefaultValueFactory = _ => 8 };
        height.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 or > 50)
                result.AddError("--height is from 2 to 50.");
        });
        var output = Common.Output(Formats.Wide);
        var metrics = new Command("metrics", "Draws what runs measured") { runs, names, height, output };
        metrics.Runs(terminal, async (session, stop) =>
        {
            var all = new List<Measured>();
            foreach (var run in session.Get(runs))
            {
                var known = await session.Fleet.Experiments.Metrics(run, stop);
                foreach (var one in known.Where(one => session.Get(names) is not { Length: > 0 } only || only.Contains(one.Name)))
                {
                    if (await Read(session, run, one.Name, stop) is { } read)
                        all.Add(read);
                }
            }

            var printer = session.Printer(output);
            if (printer.IsData)
                await printer.List(all.ToAsyncEnumerable(), View, stop);
            else if (all.Count == 0)
                printer.Words("Nothing was measured.");
            else
                Draw(terminal, all, session.Get(height));
        });
        return metrics;
    }

    /// <summary>Null where it has no address, as a name of an earlier version may have none, or is gone by now.</summary>
    private static async Task<Measured?> Read(Session session, string run, string name, CancellationToken stop)
    {
        try
        {
            return Measured.Of(run, await session.Fleet.Experiments.Points(run, name, Points, stop));
        }
        catch (FleetException none) when (none.Status == HttpStatusCode.NotFound)
        {
            await session.Terminal.Error.WriteLineAsync(PlainText.Line($"{name} of {run} is left out: it cannot be asked for."));
            return null;
        }
    }

    private static readonly View<Measured> View = new(one => one.Name, new Column<Measured>("METRIC", one => one.Name));

    private static void Draw(Terminal terminal, List<Measured> all, int height)
    {
        var width = terminal.OutIsTerminal ? Math.Clamp(terminal.Width - Beside, 20, 120) : InPipes;
        foreach (var metric in all.GroupBy(one => one.Name).OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            var scale = PlotScale.Of(metric.Select(one => one.Points));
            foreach (var one in metric)
            {
                var last = one.Points.Count == 0 ? "-" : RunTable.Number(one.Points[^1].Value);
                terminal.Out.WriteLine(PlainText.Line($"{one.Name} of {one.RunId}: {last} at last, {one.Total} points"));
                foreach (var line in TextPlot.Draw(one.Points, scale, width, height))
                    terminal.Out.WriteLine(line);
                terminal.Out.WriteLine();
            }
        }
    }

    /// <summary>A series of one of the runs.</summary>
    private sealed record Measured(string RunId, string Name, long Total, bool Downsampled, IReadOnlyList<MetricPoint> Points)
    {
        public static Measured Of(string run, SeriesPoints series) =>
            new(run, series.Name, series.Total, series.Downsampled, series.Points);
    }
}
