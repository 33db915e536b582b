using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using Fleet.Cli.Contexts;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client;

namespace Fleet.Cli.Commands;

/// <summary>What a live completion asks: the settings, the fleet (null where there is none), and for how long.</summary>
internal delegate Task<IReadOnlyList<string>> Completion(ContextSettings settings, FleetClient? fleet, CancellationToken stop);

/// <summary>How commands are put together.</summary>
internal static class CommandExtensions
{
    /// <summary>Completion must not make anyone wait.</summary>
    private static readonly TimeSpan CompletionTime = TimeSpan.FromSeconds(2);

    public static void Runs(this Command command, Terminal terminal, Func<Session, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, stop) =>
        {
            using var session = new Session(terminal, parsed);
            return await Failure.Guard(terminal, () => action(session, stop));
        });

    public static void Runs(this Command command, Terminal terminal, Func<Session, CancellationToken, Task> action) =>
        command.Runs(terminal, async (session, stop) =>
        {
            await action(session, stop);
            return ExitCode.Ok;
        });

    /// <summary>The names on the way to a command: <c>fleet job ls</c>.</summary>
    public static IEnumerable<string> Path(this CommandResult? result)
    {
        if (result is null)
            return [];
        var name = result.Command is RootCommand ? "fleet" : result.Command.Name;
        return (result.Parent as CommandResult).Path().Append(name);
    }

    public static Argument<T> Completes<T>(this Argument<T> argument, Terminal terminal, Completion live)
    {
        argument.HelpName ??= argument.Name; // help would ask for live names otherwise
        argument.CompletionSources.Add(context => Ask(terminal, context, live));
        return argument;
    }

    public static Option<T> Completes<T>(this Option<T> option, Terminal terminal, Completion live)
    {
        option.HelpName ??= option.Name.TrimStart('-');
        option.CompletionSources.Clear();
        option.CompletionSources.Add(context => Ask(terminal, context, live));
        return option;
    }

    /// <summary>Whatever goes wrong, a completion has nothing to say about it.</summary>
    private static IEnumerable<CompletionItem> Ask(Terminal terminal, CompletionContext context, Completion live)
    {
        using var enough = new CancellationTokenSource(CompletionTime, terminal.Clock);
        try
        {
            var settings = new ContextSettings(terminal);
            var chosen = settings.TryChosen(Common.ContextOf(context.ParseResult));
            using var fleet = chosen is null ? null : Session.Connect(chosen);
            var words = live(settings, fleet, enough.Token).GetAwaiter().GetResult();
            return [.. words.Select(word => new CompletionItem(PlainText.Line(word)))];
        }
        catch (Exception failure) when (Failure.Of(failure, isInterrupted: true) is not null)
        {
            return [];
        }
    }
}
