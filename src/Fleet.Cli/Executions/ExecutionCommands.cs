using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Client.Manifests;

namespace Fleet.Cli.Executions;

/// <summary><c>fleet execution</c>: what runs, or ran, on many agents.</summary>
internal static class ExecutionCommands
{
    public static Command Build(Terminal terminal) => new("execution", "Executions: a manifest on many agents")
    {
        List(terminal),
        One(terminal, "show", "All about one execution", null, (executions, id, stop) => executions.Show(id, stop)),
        Hosts(terminal),
        One(terminal, "approve", "Says yes to one that waits for it", null, (executions, id, stop) => executions.Approve(id, stop)),
        One(terminal, "pause", "Begins no further wave", null, (executions, id, stop) => executions.Pause(id, stop)),
        One(terminal, "resume", "Goes on with the next wave", null, (executions, id, stop) => executions.Resume(id, stop)),
        One(
            terminal, "abort", "Ends what runs, and what has not begun never does", "Abort the execution {0}?",
            (executions, id, stop) => executions.Abort(id, stop)),
        One(terminal, "rerun", "Runs it again where it failed", null, (executions, id, stop) => executions.Rerun(id, stop)),
    };

    private static Argument<string> Named() => new("execution") { Description = "The id of an execution" };

    private static Command List(Terminal terminal)
    {
        var manifest = new Option<string?>("--manifest") { Description = "Only those of this manifest", HelpName = "name" };
        var state = new Option<string?>("--state") { Description = "Only those in this state", HelpName = "state" };
        state.CompletionSources.Add("awaiting_approval", "running", "paused", "completed", "aborted");
        var (limit, output) = (Common.Limit(), Common.Output());
        var list = new Command("ls", "Lists executions, newest first") { manifest, state, limit, output };
        list.Runs(terminal, (session, stop) =>
        {
            var all = session.Fleet.Executions.List(session.Get(manifest), session.Get(state), stop);
            var most = session.Most(limit);
            return session.Printer(output).List(all.Take(most), ExecutionTable.View(terminal.Clock), stop);
        });
        return list;
    }

    private static Command Hosts(Terminal terminal)
    {
        var (id, output) = (Named(), Common.Output());
        var hosts = new Command("agents", "Lists the agents of an execution") { id, output };
        hosts.Runs(terminal, (session, stop) =>
            session.Printer(output).List(session.Fleet.Executions.Agents(session.Get(id), stop), ExecutionTable.Hosts, stop));
        return hosts;
    }

    /// <param name="question">Asked before; null where nothing is.</param>
    private static Command One(
        Terminal terminal, string verb, string description, string? question,
        Func<ExecutionsClient, string, CancellationToken, Task<Execution>> act)
    {
        var (id, yes, output) = (Named(), Common.Yes(), Common.Output());
        var command = new Command(verb, description) { id, output };
        if (question is not null)
            command.Options.Add(yes);
        command.Runs(terminal, async (session, stop) =>
        {
            if (question is not null)
                await session.Confirm(yes, question.Replace("{0}", session.Get(id), StringComparison.Ordinal));
            session.Printer(output).One(await act(session.Fleet.Executions, session.Get(id), stop), ExecutionTable.View(terminal.Clock));
        });
        return command;
    }
}
