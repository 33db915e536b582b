using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Bulk;

/// <summary><c>fleet bulk</c>: one thing done to many jobs, after saying to how many.</summary>
internal static class BulkCommand
{
    private static readonly View<BulkRun> View = new(
        run => run.BulkId,
        new Column<BulkRun>("BULK", run => run.BulkId),
        new Column<BulkRun>("ACTION", run => run.Action),
        new Column<BulkRun>("STATE", run => run.State, Tone: run => Words.ToneOf(run.State)),
        new Column<BulkRun>("DONE", run => Words.Number(run.Done)),
        new Column<BulkRun>("SKIPPED", run => Words.Number(run.Skipped)),
        new Column<BulkRun>("FAILED", run => Words.Number(run.Failed)),
        new Column<BulkRun>("TROUBLE", run => run.Trouble, Tone: _ => Tone.Bad));

    public static Command Build(Terminal terminal)
    {
        var action = new Argument<string>("action") { Description = "cancel, retry, delete, reprioritise or relabel" };
        action.AcceptOnlyFromAmong("cancel", "retry", "delete", "reprioritise", "relabel");
        var filter = new Argument<string?>("filter")
        {
            Description = "Which jobs, in the filter language",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var view = new Option<string?>("--view") { Description = "Which jobs, by a saved filter", HelpName = "name" };
        var priority = new Option<int?>("--priority") { Description = "For reprioritise: from 0, last, to 9, first", HelpName = "number" };
        var labels = Common.Pairs("--label", "For relabel: a label to set; with nothing behind = it is removed", "-l");
        var (yes, output) = (Common.Yes(), Common.Output());
        var bulk = new Command("bulk", "Does one thing to many jobs: counts them first, and asks")
        {
            action, filter, view, priority, labels, yes, output,
        };
        bulk.Runs(terminal, async (session, stop) =>
        {
            var draft = new BulkDraft(
                session.Get(action), session.Get(filter), session.Get(view), Parameters(session.Get(priority), session.Get(labels)));
            var forecast = await session.Fleet.Bulk.Foresee(draft, stop);
            await terminal.Error.WriteLineAsync(PlainText.Line(Sentence(forecast)));
            if (forecast.Count == 0)
                return ExitCode.Ok;
            await session.Confirm(yes, $"{Capital(draft.Action)} them?");
            var run = await session.Follow(
                await session.Fleet.Bulk.Begin(draft, stop), one => one.State != "running",
                one => $"{one.Seen} of {(one.Total is { } total ? Words.Number(total) : "?")}",
                one => session.Fleet.Bulk.Show(one.BulkId, stop), stop);
            session.Printer(output).One(run, View);
            return run is { State: "finished", Failed: 0 } ? ExitCode.Ok : ExitCode.WorkFailed;
        });
        return bulk;
    }

    private static BulkParameters? Parameters(int? priority, Dictionary<string, string> labels)
    {
        if (priority is null && labels.Count == 0)
            return null;
        var changes = labels.ToDictionary(label => label.Key, label => label.Value.Length == 0 ? null : label.Value);
        return new BulkParameters(priority, changes.Count == 0 ? null : changes);
    }

    private static string Sentence(BulkForecast forecast)
    {
        var states = string.Join(", ", forecast.States.Select(state => $"{Words.Number(state.Value)} {state.Key}"));
        var count = $"{(forecast.IsExact ? "" : "at least ")}{Words.Number(forecast.Count)}";
        var jobs = forecast.Count == 1 ? "job is" : "jobs are";
        return forecast.Count == 0 ? "No job is meant." : $"{Capital(count)} {jobs} meant: {states}.";
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
