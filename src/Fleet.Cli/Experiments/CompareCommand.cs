using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary><c>fleet experiment compare</c>: what runs differ by, side by side.</summary>
internal static class CompareCommand
{
    private const int MostRuns = 10;

    public static Command Build(Terminal terminal)
    {
        var runs = new Argument<string[]>("runs") { Description = "The ids of two to ten runs", Arity = ArgumentArity.OneOrMore };
        var output = Common.Output(Formats.Wide, Formats.Name);
        var compare = new Command("compare", "Shows what runs differ by") { runs, output };
        compare.Runs(terminal, async (session, stop) =>
        {
            var wanted = session.Get(runs);
            if (wanted.Length is < 2 or > MostRuns)
                throw CommandException.Usage($"Name two to {MostRuns} runs.");
            var compared = await session.Fleet.Experiments.Compare(wanted, stop);
            var printer = session.Printer(output);
            if (printer.IsData)
                printer.Data(compared);
            else
                new Grid(terminal).Write(["OF", .. compared.Runs], Rows(compared).Select(Cells));
        });
        return compare;
    }

    private static IEnumerable<(string?, Tone)> Cells((string Title, IEnumerable<string?> Values) row) =>
        row.Values.Select(value => (value, Tone.Plain)).Prepend((row.Title, Tone.Faint));

    private static IEnumerable<(string Title, IEnumerable<string?> Values)> Rows(Comparison compared)
    {
        yield return ("outcome", compared.Outcome);
        yield return ("took", compared.Durations.Select(one => one is { } s ? Durations.Words(TimeSpan.FromSeconds(s)) : null));
        foreach (var (name, values) in compared.Fields)
            yield return (name, values.Select(Text));
        if (compared.Args is { } args)
            yield return ("args", args.Select(one => string.Join(' ', one)));
        foreach (var (name, values) in compared.Environment)
            yield return ($"${name}", values);
        foreach (var (name, values) in compared.Metrics)
        {
            yield return (name, values.Select(one => one is null
                ? null
                : $"{RunTable.Number(one.Last)} ({RunTable.Number(one.Min)} to {RunTable.Number(one.Max)})"));
        }

        if (compared.Files.Any(one => one.Added.Count + one.Removed.Count + one.Changed.Count > 0))
            yield return ("files", compared.Files.Select(Changes).Prepend(null));
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    private static string? Changes(FileChanges files) => string.Join(
        ' ',
        files.Added.Select(path => $"+{path}").Concat(files.Removed.Select(path => $"-{path}"))
            .Concat(files.Changed.Keys.Select(path => $"~{path}")));
}
