using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary><c>fleet experiment</c>: runs of commits, why they were made, what they measured, and whether it held.</summary>
internal static class ExperimentCommands
{
    private static readonly string[] Outcomes = ["validates", "refutes", "inconclusive", "partial"];

    public static Command Build(Terminal terminal) => new("experiment", "Experiments: runs of commits, their metrics and outcomes")
    {
        QueueCommand.Build(terminal),
        FindCommand.Build(terminal),
        Show(terminal),
        CompareCommand.Build(terminal),
        MetricsCommand.Build(terminal),
        Outcome(terminal),
    };

    public static Argument<string> Named() => new("run") { Description = "The id of a run, which is that of its job" };

    private static Command Show(Terminal terminal)
    {
        var (id, output) = (Named(), Common.Output());
        var show = new Command("show", "All about one run") { id, output };
        show.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await session.Fleet.Experiments.Show(session.Get(id), stop), RunTable.Whole(terminal.Clock)));
        return show;
    }

    private static Command Outcome(Terminal terminal)
    {
        var (id, output) = (Named(), Common.Output());
        var outcome = new Argument<string>("outcome") { Description = $"Whether it held: {string.Join(", ", Outcomes)}" };
        outcome.AcceptOnlyFromAmong(Outcomes);
        var summary = new Option<string?>("--summary", "-m") { Description = "What came of it, in words", HelpName = "text" };
        var conclude = new Command("outcome", "Says what came of a run") { id, outcome, summary, output };
        conclude.Runs(terminal, async (session, stop) => session.Printer(output).One(
            await session.Fleet.Experiments.Conclude(
                session.Get(id), new OutcomeDraft(session.Get(outcome), session.Get(summary)), stop),
            RunTable.Whole(terminal.Clock)));
        return conclude;
    }
}
