using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Contexts;

/// <summary><c>fleet config show</c>: which fleet is asked, and why that one.</summary>
internal static class ConfigCommands
{
    private const int Shown = 6;

    private static readonly View<Configuration> View = new(
        row => row.Url,
        new Column<Configuration>("URL", row => row.Url),
        new Column<Configuration>("CONTEXT", row => row.Context),
        new Column<Configuration>("KEY", row => row.Key),
        new Column<Configuration>("AUTHORITIES", row => row.CaFile),
        new Column<Configuration>("SOURCE", row => row.Source),
        new Column<Configuration>("FILE", row => row.File));

    public static Command Build(Terminal terminal)
    {
        var output = Common.Output();
        var show = new Command("show", "Which fleet is asked, with which key, and where that was said") { output };
        show.Runs(terminal, (session, _) =>
        {
            var chosen = session.Settings.Chosen(session.ContextName);
            var url = chosen.Url.ToString().TrimEnd('/');
            session.Printer(output).One(
                new Configuration(url, chosen.Name, Mask(chosen), chosen.CaFile, chosen.Source, session.Settings.Path), View);
            return Task.CompletedTask;
        });
        return new Command("config", "The settings of this command") { show };
    }

    private static string? Mask(FleetContext context) => context switch
    {
        { KeyFile: { } file } => $"in {file}",
        { Key: { Length: > Shown } key } => $"{key[..Shown]}…",
        { Key: not null } => "…",
        _ => null,
    };

    private sealed record Configuration(string Url, string? Context, string? Key, string? CaFile, string Source, string File);
}
