using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
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
        var parsed = RootBuilder.Build(terminal).Parse(args, Parsing);
        var code = parsed.Action is ParseErrorAction or null || UnknownOption(parsed) is not null
            ? Refuse(parsed, terminal)
            : await Failure.Guard(terminal, () => Invoke(parsed, terminal));
        await terminal.Flush();
        return code;
    }

    /// <summary>The parser takes an option that it does not know for an argument, where one can stand.</summary>
    private static string? UnknownOption(ParseResult parsed)
    {
        var before = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).ToHashSet(ReferenceEqualityComparer.Instance);
        return parsed.CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Argument.CaptureRemainingTokens ? result.Tokens.Take(1) : result.Tokens)
            .FirstOrDefault(token => token.Value.StartsWith("--", StringComparison.Ordinal) && before.Contains(token))?.Value;
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
            : UnknownOption(parsed) is { } option ? $"{path} has no option {option}."
            : string.Join(' ', parsed.Errors.Select(error => error.Message));
        new Failure(ExitCode.Usage, sentence, [$"{path} --help shows what there is."]).Tell(terminal);
        return ExitCode.Usage;
    }
}
