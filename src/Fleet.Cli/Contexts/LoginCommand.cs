using System.CommandLine;
using System.Text;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Contexts;

/// <summary><c>fleet login</c>: tries a key, and keeps it as a context.</summary>
internal static class LoginCommand
{
    private const string DefaultName = "default";

    public static Command Build(Terminal terminal)
    {
        var url = new Argument<string>("url") { Description = "Where the fleet is, as https://fleet.example" };
        var name = new Option<string>("--name")
        {
            Description = "What the context is called",
            HelpName = "name",
            DefaultValueFactory = _ => DefaultName,
        };
        var keyFile = new Option<string?>("--key-file")
        {
            Description = "A file that holds the key, read each time; otherwise the key is asked for, or read from standard input",
            HelpName = "path",
        };
        var caFile = new Option<string?>("--ca-file")
        {
            Description = "Certificates (PEM) of the authorities that alone are believed, such as the fleet's own; read each time",
            HelpName = "path",
        };
        var login = new Command("login", "Keeps the address of a fleet and a key, after trying them") { url, name, keyFile, caFile };
        login.Runs(terminal, async (session, stop) =>
        {
            var (path, authorities) = (session.Get(keyFile), session.Get(caFile) ?? terminal.Variable(ContextSettings.CaFileVariable));
            var stored = new StoredContext(
                FleetContext.ReadUrl(session.Get(url), "The argument").ToString().TrimEnd('/'),
                path is null ? await AskForKey(terminal) : null,
                path is null ? null : System.IO.Path.GetFullPath(path),
                authorities is null ? null : System.IO.Path.GetFullPath(authorities));
            var context = new FleetContext(
                session.Get(name), new Uri(stored.Url), stored.Key, stored.KeyFile, stored.CaFile, "the command line");
            using var fleet = Session.Connect(context);
            var key = await fleet.Keys.WhoAmI(stop);
            session.Settings.Put(session.Get(name), stored);
            var scopes = string.Join(' ', key.Scopes);
            terminal.Out.WriteLine(PlainText.Line(
                $"Logged in to {stored.Url} with the key {key.Name} ({scopes}), as the context {session.Get(name)}."));
        });
        return login;
    }

    private static async Task<string> AskForKey(Terminal terminal)
    {
        if (terminal.InIsTerminal)
            await terminal.Error.WriteAsync("Key: ");
        var key = terminal.InIsTerminal ? ReadHidden() : await terminal.ReadLine(terminal.Interrupts.Stop);
        if (terminal.InIsTerminal)
            await terminal.Error.WriteLineAsync();
        return string.IsNullOrWhiteSpace(key) ? throw CommandException.Usage("A key is needed.") : key.Trim();
    }

    private static string ReadHidden()
    {
        var key = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } pressed)
        {
            if (pressed.Key == ConsoleKey.Backspace)
                key.Length = Math.Max(0, key.Length - 1);
            else if (!char.IsControl(pressed.KeyChar))
                key.Append(pressed.KeyChar);
        }

        return key.ToString();
    }
}
