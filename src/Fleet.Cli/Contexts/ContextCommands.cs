using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Contexts;

/// <summary><c>fleet context</c>: the fleets that the user has logged in to.</summary>
internal static class ContextCommands
{
    private static readonly View<ContextRow> View = new(
        row => row.Name,
        new Column<ContextRow>("CURRENT", row => row.Current ? "*" : " "),
        new Column<ContextRow>("NAME", row => row.Name),
        new Column<ContextRow>("URL", row => row.Url));

    public static Command Build(Terminal terminal) => new("context", "Fleets that were logged in to")
    {
        List(terminal),
        Change(terminal, "use", "Asks this fleet from now on", (settings, name) => settings.Use(name)),
        Change(terminal, "rm", "Forgets a fleet and its key", (settings, name) => settings.Remove(name)),
    };

    private static Command List(Terminal terminal)
    {
        var output = Common.Output();
        var list = new Command("ls", "Lists them") { output };
        list.Runs(terminal, (session, stop) => session.Printer(output).List(
            session.Settings.Names().Select(name => new ContextRow(
                name, session.Settings.File.All[name].Url, name == session.Settings.File.Current)).ToAsyncEnumerable(),
            View,
            stop));
        return list;
    }

    private static Command Change(Terminal terminal, string verb, string description, Action<ContextSettings, string> change)
    {
        var name = new Argument<string>("name") { Description = "The context" }
            .Completes(terminal, (settings, _, _) => Task.FromResult(settings.Names()));
        var command = new Command(verb, description) { name };
        command.Runs(terminal, (session, _) =>
        {
            change(session.Settings, session.Get(name));
            return Task.CompletedTask;
        });
        return command;
    }

    private sealed record ContextRow(string Name, string Url, bool Current);
}
