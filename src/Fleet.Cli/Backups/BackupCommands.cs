using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Backups;

namespace Fleet.Cli.Backups;

/// <summary><c>fleet backup</c>: what is stored, and bringing it back.</summary>
internal static class BackupCommands
{
    public static Command Build(Terminal terminal) => new("backup", "Backups: what is stored, and bringing it back")
    {
        List(terminal),
        One(terminal, "show", "All about one backup", (backups, id, stop) => backups.Show(id, stop)),
        Now(terminal),
        One(terminal, "cancel", "Cancels a backup or a restore", (backups, id, stop) => backups.Cancel(id, stop)),
        Snapshots(terminal),
        Browse(terminal),
        Restore(terminal),
    };

    private static Command List(Terminal terminal)
    {
        var filter = new Argument<string?>("filter") { Description = "Which, in the filter language", Arity = ArgumentArity.ZeroOrOne };
        var (limit, output) = (Common.Limit(), Common.Output());
        var list = new Command("ls", "Lists backups, restores and what else is done with repositories, newest first")
        {
            filter, limit, output,
        };
        list.Runs(terminal, (session, stop) =>
        {
            var most = session.Most(limit);
            var all = All(session, session.Get(filter), most, stop);
            return session.Printer(output).List(all.Take(most), BackupTable.View(terminal.Clock), stop);
        });
        return list;
    }

    private static async IAsyncEnumerable<Backup> All(
        Session session, string? filter, int most, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        const int largestPage = 200;
        string? cursor = null;
        do
        {
            var page = await session.Fleet.Backups.ListPage(filter, Math.Min(most, largestPage), cursor, stop);
            foreach (var one in page.Items)
                yield return one;
            cursor = page.Next;
        }
        while (cursor is not null);
    }

    private static Command One(
        Terminal terminal, string verb, string description, Func<BackupsClient, string, CancellationToken, Task<Backup>> act)
    {
        var (id, output) = (new Argument<string>("backup") { Description = "The id of a backup" }, Common.Output());
        var command = new Command(verb, description) { id, output };
        command.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await act(session.Fleet.Backups, session.Get(id), stop), BackupTable.View(terminal.Clock)));
        return command;
    }

    private static Command Now(Terminal terminal)
    {
        var group = new Argument<string>("source-group") { Description = "What is backed up, by the name or id of a source group" };
        var (detach, output) = (Detach(), Common.Output());
        var now = new Command("now", "Backs up now, and waits for the end") { group, detach, output };
        now.Runs(terminal, async (session, stop) => await Follow(
            session, await session.Fleet.Backups.Begin(new BackupDraft("backup", session.Get(group)), stop), detach, output, stop));
        return now;
    }

    private static Command Snapshots(Terminal terminal)
    {
        var agent = new Option<string?>("--on") { Description = "Only those of this agent", HelpName = "agent" };
        var (repository, limit, output) = (Repository(), Common.Limit(), Common.Output());
        var list = new Command("snapshots", "Lists snapshots, newest first") { agent, repository, limit, output };
        list.Runs(terminal, (session, stop) =>
        {
            var all = session.Fleet.Backups.Snapshots(session.Get(repository), session.Get(agent), stop);
            var most = session.Most(limit);
            return session.Printer(output).List(all.Take(most), BackupTable.Snapshots, stop);
        });
        return list;
    }

    private static Command Browse(Terminal terminal)
    {
        var path = new Argument<string>("path") { Description = "A directory of it", DefaultValueFactory = _ => "/" };
        var (snapshot, repository, output) = (Snapshot(), Repository(), Common.Output());
        var browse = new Command("browse", "Lists a directory of a snapshot") { snapshot, path, repository, output };
        browse.Runs(terminal, async (session, stop) =>
        {
            var entries = await session.Fleet.Backups.Tree(session.Get(snapshot), session.Get(path), session.Get(repository), stop);
            await session.Printer(output).List(entries.Items.ToAsyncEnumerable(), BackupTable.Entries, stop);
            if (entries.IsCut)
                session.Remark("There is more in it than is shown.");
        });
        return browse;
    }

    private static Command Restore(Terminal terminal)
    {
        var paths = new Argument<string[]>("path")
        {
            Description = "What of it; all where nothing is named",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var agent = new Option<string?>("--on") { Description = "To this agent instead of its own", HelpName = "agent" };
        var target = new Option<string?>("--to") { Description = "Into this directory of the agent", HelpName = "directory" };
        var inPlace = new Option<bool>("--in-place") { Description = "Over what is there" };
        var (snapshot, detach, yes, output) = (Snapshot(), Detach(), Common.Yes(), Common.Output());
        var restore = new Command("restore", "Brings files back, and waits for the end")
        {
            snapshot, paths, agent, target, inPlace, detach, yes, output,
        };
        restore.Runs(terminal, async (session, stop) =>
        {
            if (session.Get(inPlace))
                await session.Confirm(yes, $"Restore {session.Get(snapshot)} over what is there?");
            var draft = new RestoreDraft(
                session.Get(snapshot), session.Get(agent), session.Get(paths) is { Length: > 0 } some ? some : null,
                session.Get(inPlace) ? true : null, session.Get(target));
            return await Follow(session, await session.Fleet.Backups.Restore(draft, stop), detach, output, stop);
        });
        return restore;
    }

    private static async Task<int> Follow(
        Session session, Backup backup, Option<bool> detach, Option<string> output, CancellationToken stop)
    {
        if (!session.Get(detach))
        {
            backup = await session.Follow(
                backup, one => one.IsOver, BackupTable.Line, one => session.Fleet.Backups.Show(one.BackupId, stop), stop);
        }

        session.Printer(output).One(backup, BackupTable.View(session.Terminal.Clock));
        return session.Get(detach) || backup.State == "succeeded" ? ExitCode.Ok : ExitCode.WorkFailed;
    }

    private static Argument<string> Snapshot() => new("snapshot") { Description = "The id of a snapshot, or its beginning" };

    private static Option<string?> Repository() => new("--repository", "-r") { Description = "Of this repository", HelpName = "name" };

    private static Option<bool> Detach() => new("--detach", "-d") { Description = "Do not wait for its end" };
}
