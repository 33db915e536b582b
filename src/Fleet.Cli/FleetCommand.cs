using System.CommandLine;
using System.CommandLine.Invocation;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;

namespace Fleet.Cli;

/// <summary>The command <c>fleet</c>: reads the command line, runs what it names, and tells what went wrong.</summary>
internal static class FleetCommand
{
    private static readonly ParserConfiguration Parsing = new()
    {
        ResponseFileTokenReplacer = null, // @name is an argument like others
    };

    /// <returns>One of <see cref="ExitCode"/>, or the exit code of a job.</returns>
    public static async Task<int> Run(IReadOnlyList<string> args, Terminal terminal)
    {
        try
        {
            var parsed = RootBuilder.Build(terminal).Parse(args, Parsing);
            return parsed.Action is ParseErrorAction or null ? Refuse(parsed, terminal) : await Invoke(parsed, terminal);
        }
        catch (Exception failure) when (Failure.Of(failure, terminal.Interrupts.Stop.IsCancellationRequested) is { } told)
        {
            await terminal.Flush();
            told.Tell(terminal);
            return told.Code;
        }
        finally
        {
            await terminal.Flush();
        }
    }

    private static Task<int> Invoke(ParseResult parsed, Terminal terminal)
    {
        var how = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // signals are the terminal's
        };
        return parsed.InvokeAsync(how, terminal.Interrupts.Stop);
    }

    private static int Refuse(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        var path = string.Join(' ', parsed.CommandResult.Path());
        var sentence = command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0
            ? $"{path} needs one of: {string.Join(", ", command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}."
            : string.Join(' ', parsed.Errors.Select(error => error.Message));
        new Failure(ExitCode.Usage, sentence, [$"{path} --help shows what there is."]).Tell(terminal);
        return ExitCode.Usage;
    }
}
