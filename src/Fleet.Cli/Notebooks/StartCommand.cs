using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Notebooks;

namespace Fleet.Cli.Notebooks;

/// <summary><c>fleet notebook start</c> and <c>restart</c>: a server, and waiting until it listens.</summary>
internal static class StartCommand
{
    public static Command Build(Terminal terminal)
    {
        var name = new Argument<string>("name") { Description = "What it is called, or the name of one that has stopped" };
        var agent = new Option<string?>("--on")
        {
            Description = "The agent that runs it; otherwise the one with the fewest",
            HelpName = "agent",
        }.Completes(terminal, Completions.Agents);
        var workspace = new Option<string?>("--workspace")
        {
            Description = "The directory below its own in which it begins",
            HelpName = "path",
        };
        var (token, detach, output) = (TokenFile(), Detach(), Common.Output());
        var start = new Command("start", "Makes a notebook, or starts one again with the files it has, and waits until it runs")
        {
            name, agent, workspace, token, detach, output,
        };
        start.Runs(terminal, async (session, stop) =>
        {
            var (wanted, secret) = (session.Get(name), await ReadToken(session.Get(token), stop));
            var draft = new NotebookDraft(wanted, session.Get(workspace), secret, session.Get(agent));
            var started = await session.Fleet.Find(wanted, stop) is { } known
                ? await session.Fleet.Notebooks.Restart(Stopped(known, draft).NotebookId, new RestartDraft(secret), stop)
                : await session.Fleet.Notebooks.Start(draft, stop);
            return await Follow(session, started, detach, output, stop);
        });
        return start;
    }

    public static Command Restart(Terminal terminal)
    {
        var name = NotebookCommands.Named(terminal);
        var (token, detach, output) = (TokenFile(), Detach(), Common.Output());
        var restart = new Command("restart", "Ends its server where there is one, starts another, and waits until it runs")
        {
            name, token, detach, output,
        };
        restart.Runs(terminal, async (session, stop) =>
        {
            var draft = new RestartDraft(await ReadToken(session.Get(token), stop));
            return await Follow(session, await session.Fleet.Notebooks.Restart(session.Get(name), draft, stop), detach, output, stop);
        });
        return restart;
    }

    /// <exception cref="CommandException">It runs, lies in the trash, or is elsewhere than it is wanted.</exception>
    private static Notebook Stopped(Notebook known, NotebookDraft wanted) => known switch
    {
        { RemovedAt: not null } => throw new CommandException(
            ExitCode.Error, $"{known.Name} lies in the trash.", $"fleet notebook restore {known.NotebookId} takes it out."),
        { IsLive: true } => throw new CommandException(
            ExitCode.Error, $"{known.Name} is {known.State} already.", $"fleet notebook restart {known.NotebookId} starts it anew."),
        _ when wanted.Agent is { } agent && agent != known.Agent => throw CommandException.Usage(
            $"{known.Name} is on {known.Agent}, where its files are.", "Another name makes another notebook."),
        _ when wanted.Workspace is { } workspace && workspace != known.Workspace => throw CommandException.Usage(
            $"{known.Name} begins in '{known.Workspace}'.", "Another name makes another notebook."),
        _ => known,
    };

    /// <summary>Its token is shown once, also where somebody does not wait for the end.</summary>
    private static async Task<int> Follow(
        Session session, Notebook notebook, Option<bool> detach, Option<string> output, CancellationToken stop)
    {
        var now = notebook;
        try
        {
            if (!session.Get(detach))
                now = await session.Follow(now, one => one.State != "starting", NotebookTable.Line, Look, stop);
        }
        finally
        {
            session.Printer(output).One(now with { Token = notebook.Token }, NotebookTable.View(session));
        }

        return session.Get(detach) || now.State == "running" ? ExitCode.Ok : ExitCode.WorkFailed;

        async Task<Notebook> Look(Notebook one) => now = await session.Fleet.Notebooks.Show(one.NotebookId, stop);
    }

    private static async Task<string?> ReadToken(string? path, CancellationToken stop) =>
        path is null ? null : (await File.ReadAllTextAsync(path, stop)).Trim();

    private static Option<string?> TokenFile() => new("--token-file")
    {
        Description = "A file with what opens it; otherwise a new one gets a token, shown this once, and others keep theirs",
        HelpName = "path",
    };

    private static Option<bool> Detach() => new("--detach", "-d") { Description = "Do not wait until it runs" };
}
