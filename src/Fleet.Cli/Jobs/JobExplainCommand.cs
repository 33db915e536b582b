using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job explain</c>: why a job is where it is.</summary>
internal static class JobExplainCommand
{
    private static readonly View<Explanation> View = new(
        one => one.JobId ?? "",
        new Column<Explanation>("JOB", one => one.JobId),
        new Column<Explanation>("STATE", one => one.State, Tone: one => Words.ToneOf(one.State)),
        new Column<Explanation>("POSITION", one => one.Position is { } place ? Words.Number(place) : null),
        new Column<Explanation>("STARTS", one => one.EstimatedStart is { } time ? $"about {Words.Time(time)}" : null));

    public static Command Build(Terminal terminal)
    {
        var id = JobCommands.Id(terminal, Completions.OpenJobIds);
        var output = Common.Output();
        var explain = new Command("explain", "Why a job waits, and for what") { id, output };
        explain.Runs(terminal, async (session, stop) =>
        {
            var explanation = await session.Fleet.Jobs.Explain(session.Get(id), stop);
            var printer = session.Printer(output);
            printer.One(explanation, View);
            foreach (var reason in explanation.Reasons)
                printer.Words($"{reason.Code}: {PlainText.Line(reason.Message)}");
        });
        return explain;
    }
}
