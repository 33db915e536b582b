using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job ls</c>: jobs, newest first, by conditions or in the filter language.</summary>
internal static class JobListCommand
{
    /// <summary>The largest page that the fleet gives.</summary>
    private const int LargestPage = 200;

    public static Command Build(Terminal terminal)
    {
        var filter = new Argument<string?>("filter")
        {
            Description = "As in: state:failed exit!=0 finished<24h label.env=prod output~\"OutOfMemory\"",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var state = Text("--state", "Only those in this state", "state");
        state.CompletionSources.Add("queued", "assigned", "running", "cancelling", "succeeded", "failed", "cancelled", "expired");
        var kind = Text("--kind", "Only those of this kind", "kind");
        var on = Text("--on", "Only those that this agent has or had", "agent").Completes(terminal, Completions.Agents);
        var labels = Common.Pairs("--label", "Only those with this label", "-l");
        var view = Text("--view", "Only those of a saved filter", "name");
        var limit = Common.Limit();
        var output = Common.Output();
        var list = new Command("ls", "Lists jobs, newest first") { filter, state, kind, on, labels, view, limit, output };
        list.Runs(terminal, async (session, stop) =>
        {
            var most = session.Most(limit);
            var jobs = session.Fleet.Jobs.List(
                new JobFilter(
                    session.Get(filter), session.Get(view), session.Get(state), session.Get(kind), session.Get(on),
                    Labels: [.. session.Get(labels).Select(label => $"{label.Key}={label.Value}")],
                    PageSize: Math.Min(most, LargestPage)),
                stop);
            await session.Printer(output).List(jobs.Take(most), JobTable.View(terminal.Clock), stop);
        });
        return list;
    }

    private static Option<string?> Text(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };
}
