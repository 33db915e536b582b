using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Terminals;
using Fleet.Client.Schedules;

namespace Fleet.Cli.Schedules;

/// <summary><c>fleet schedule</c>: what starts by itself.</summary>
internal static class ScheduleCommands
{
    public static Command Build(Terminal terminal) => new("schedule", "Schedules: what starts by itself, and when")
    {
        List(terminal),
        One(terminal, "show", "All about one schedule", null),
        NextCommand.Build(terminal),
        Occurrences(terminal),
        One(
            terminal, "pause", "Nothing is due until it is resumed",
            (session, one, stop) => session.Fleet.Schedules.Pause(one.ScheduleId, false, stop)),
        One(
            terminal, "resume", "It is due again",
            (session, one, stop) => session.Fleet.Schedules.Resume(one.ScheduleId, stop)),
        Run(terminal),
        BackfillCommand.Build(terminal),
        Remove(terminal),
    };

    public static Argument<string> Named(Terminal terminal) =>
        new Argument<string>("schedule") { Description = "The name or id of a schedule" }.Completes(terminal, Completions.Schedules);

    private static Command List(Terminal terminal)
    {
        var output = Common.Output();
        var list = new Command("ls", "Lists schedules") { output };
        list.Runs(terminal, (session, stop) =>
            session.Printer(output).List(session.Fleet.Schedules.List(null, stop), ScheduleTable.View(terminal.Clock), stop));
        return list;
    }

    /// <param name="change">What is done to it before it is shown; null for nothing.</param>
    private static Command One(
        Terminal terminal, string verb, string description, Func<Session, Schedule, CancellationToken, Task<Schedule>>? change)
    {
        var (name, output) = (Named(terminal), Common.Output());
        var command = new Command(verb, description) { name, output };
        command.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Find(session.Get(name), stop);
            var shown = change is null ? await session.Fleet.Schedules.Show(found.ScheduleId, stop) : await change(session, found, stop);
            session.Printer(output).One(shown, ScheduleTable.View(terminal.Clock));
        });
        return command;
    }

    private static Command Occurrences(Terminal terminal)
    {
        var (name, output, limit) = (Named(terminal), Common.Output(), Common.Limit());
        var outcome = new Option<string?>("--outcome") { Description = "Only those that became this", HelpName = "outcome" };
        outcome.CompletionSources.Add("started", "skipped", "missed", "late", "superseded", "failed");
        var command = new Command("occurrences", "What became of each due time, newest first") { name, outcome, limit, output };
        command.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Find(session.Get(name), stop);
            var all = session.Fleet.Schedules.Occurrences(found.ScheduleId, session.Get(outcome), stop);
            var most = session.Most(limit);
            await session.Printer(output).List(all.Take(most), ScheduleTable.Occurrences, stop);
        });
        return command;
    }

    private static Command Run(Terminal terminal)
    {
        var (name, output) = (Named(terminal), Common.Output());
        var run = new Command("run", "Starts it now, whatever holds its due times") { name, output };
        run.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Find(session.Get(name), stop);
            session.Printer(output).One(await session.Fleet.Schedules.Run(found.ScheduleId, stop), ScheduleTable.Occurrences);
        });
        return run;
    }

    private static Command Remove(Terminal terminal)
    {
        var (name, yes) = (Named(terminal), Common.Yes());
        var cascade = new Option<bool>("--cascade") { Description = "Cancel what it started as well" };
        var remove = new Command("rm", "Deletes a schedule") { name, cascade, yes };
        remove.Runs(terminal, async (session, stop) =>
        {
            var found = await session.Fleet.Find(session.Get(name), stop);
            await session.Confirm(yes, $"Delete the schedule {found.Name}?");
            await session.Fleet.Schedules.Delete(found.ScheduleId, session.Get(cascade), stop);
        });
        return remove;
    }
}
