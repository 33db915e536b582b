using System.CommandLine;
using System.CommandLine.Parsing;
using Fleet.Cli.Output;

namespace Fleet.Cli.Commands;

/// <summary>Options that many commands have, each with one meaning.</summary>
internal static class Common
{
    private const int DefaultLimit = 50;
    private const string ContextName = "--context";

    public static Option<string?> Context() => new(ContextName)
    {
        Description = "The fleet to ask, by the name of its context",
        HelpName = "name",
        Recursive = true,
    };

    /// <summary>What was said of it; null where nothing was.</summary>
    public static string? ContextOf(ParseResult parsed) => parsed.GetValue(
        parsed.RootCommandResult.Command.Options.OfType<Option<string?>>().First(option => option.Name == ContextName));

    public static Option<string> Output(params string[] without)
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = $"How it is printed: {string.Join(", ", Formats.All.Except(without))}",
            HelpName = "format",
            DefaultValueFactory = _ => Formats.Table,
        };
        option.AcceptOnlyFromAmong([.. Formats.All.Except(without)]);
        return option;
    }

    public static Option<bool> Yes() => new("--yes", "-y") { Description = "Do not ask" };

    public static Option<int> Limit() => new("--limit")
    {
        Description = "How many are shown at most; 0 shows all",
        HelpName = "count",
        DefaultValueFactory = _ => DefaultLimit,
    };

    public static Option<TimeSpan?> Duration(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result => Durations.TryParse(result.Tokens[0].Value, out var time)
            ? time
            : Wrong<TimeSpan?>(result, $"{name} is a time such as 90s, 5m, 2h or 1d."),
    };

    /// <summary>Pairs as <c>name=value</c>; the last of a name counts.</summary>
    public static Option<Dictionary<string, string>> Pairs(string name, string description, params string[] aliases) => new(name, aliases)
    {
        Description = description,
        HelpName = "name=value",
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
        DefaultValueFactory = _ => [],
        CustomParser = result => ReadPairs(name, result),
    };

    private static Dictionary<string, string>? ReadPairs(string name, ArgumentResult result)
    {
        var pairs = new Dictionary<string, string>();
        foreach (var token in result.Tokens)
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
                return Wrong<Dictionary<string, string>>(result, $"{name} is written as name=value, not '{token.Value}'.");
            pairs[token.Value[..at]] = token.Value[(at + 1)..];
        }

        return pairs;
    }

    private static T? Wrong<T>(ArgumentResult result, string sentence)
    {
        result.AddError(sentence);
        return default;
    }
}
