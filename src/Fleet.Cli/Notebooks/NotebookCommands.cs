using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Notebooks;

/// <summary><c>fleet notebook</c>: Jupyter servers on agents.</summary>
internal static class NotebookCommands
{
    public static Command Build(Terminal terminal) => new("notebook", "Notebooks: Jupyter servers on agents")
    {
        List(terminal),
        Show(terminal),
        StartCommand.Build(terminal),
        StartCommand.Restart(terminal),
        Stop(terminal),
        Url(terminal),
        Packages(terminal),
        RunFilesCommand.Build(terminal),
        Remove(terminal),
        Restore(terminal),
        Purge(terminal),
    };

    public static Argument<string> Named(Terminal terminal, Completion? completion = null) =>
        new Argument<string>("notebook") { Description = "The name or id of a notebook" }
            .Completes(terminal, completion ?? Completions.Notebooks);

    private static Command List(Terminal terminal)
    {
        var removed = new Option<bool>("--removed") { Description = "Those in the trash instead" };
        var (limit, output) = (Common.Limit(), Common.Output());
        var list = new Command("ls", "Lists notebooks, newest first") { removed, limit, output };
        list.Runs(terminal, (session, stop) => session.Printer(output).List(
            session.Fleet.Notebooks.List(session.Get(removed), stop).Take(session.Most(limit)), NotebookTable.View(session), stop));
        return list;
    }

    private static Command Show(Terminal terminal)
    {
        var (name, output) = (Named(terminal), Common.Output());
        var show = new Command("show", "All about one notebook") { name, output };
        show.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await session.Fleet.Notebooks.Show(session.Get(name), stop), NotebookTable.View(session)));
        return show;
    }

    private static Command Stop(Terminal terminal)
    {
        var (name, output) = (Named(terminal), Common.Output());
        var end = new Command("stop", "Ends its server, and what its kernels have in memory; its files stay") { name, output };
        end.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await session.Fleet.Notebooks.Stop(session.Get(name), stop), NotebookTable.View(session)));
        return end;
    }

    private static Command Url(Terminal terminal)
    {
        var name = Named(terminal);
        var url = new Command("url", "Prints the address that clients of Jupyter take; its token opens it, or this key") { name };
        url.Runs(terminal, async (session, stop) => terminal.Out.WriteLine(
            PlainText.Line(NotebookTable.Address(session, await session.Fleet.Notebooks.Show(session.Get(name), stop)))));
        return url;
    }

    private static Command Packages(Terminal terminal)
    {
        var (name, output) = (Named(terminal), Common.Output());
        var packages = new Command("packages", "Lists what its cells may import") { name, output };
        packages.Runs(terminal, async (session, stop) => await session.Printer(output).List(
            (await session.Fleet.Notebooks.Packages(session.Get(name), stop)).ToAsyncEnumerable(), NotebookTable.Packages, stop));
        return packages;
    }

    private static Command Remove(Terminal terminal)
    {
        var (name, yes) = (Named(terminal), Common.Yes());
        var remove = new Command("rm", "Ends its server, and puts it into the trash") { name, yes };
        remove.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Notebooks.Show(session.Get(name), stop);
            await session.Confirm(yes, $"Put the notebook {found.Name} into the trash?");
            await session.Fleet.Notebooks.Remove(found.NotebookId, purge: false, stop);
        });
        return remove;
    }

    private static Command Restore(Terminal terminal)
    {
        var (name, output) = (Named(terminal, Completions.RemovedNotebooks), Common.Output());
        var restore = new Command("restore", "Takes it out of the trash; it is stopped then") { name, output };
        restore.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.FindRemoved(session.Get(name), stop);
            session.Printer(output).One(await session.Fleet.Notebooks.Restore(found.NotebookId, stop), NotebookTable.View(session));
        });
        return restore;
    }

    private static Command Purge(Terminal terminal)
    {
        var (name, yes) = (Named(terminal, Completions.RemovedNotebooks), Common.Yes());
        var purge = new Command("purge", "Removes it and its files for ever, in the trash or not") { name, yes };
        purge.Runs(terminal, async (session, stop) =>
        {
            var wanted = session.Get(name);
            var found = await session.Fleet.Find(wanted, stop) ?? await session.Fleet.FindRemoved(wanted, stop);
            await session.Confirm(yes, $"Remove the notebook {found.Name} ({found.NotebookId}) and its files on {found.Agent} for ever?");
            await session.Fleet.Notebooks.Remove(found.NotebookId, purge: true, stop);
        });
        return purge;
    }
}
