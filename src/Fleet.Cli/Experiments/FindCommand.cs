using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary><c>fleet experiment find</c>: runs by what is known and said of them.</summary>
internal static class FindCommand
{
    private const int LargestPage = 200;

    public static Command Build(Terminal terminal)
    {
        var text = new Argument<string?>("text")
        {
            Description = "Looked for in names, narratives, summaries and notes",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = Word("--name", "Only runs of this name", "name");
        var (tag, group) = (Word("--tag", "Only those with this tag", "tag"), Word("--group", "Only those of this group", "group"));
        var outcome = Word("--outcome", "Only those with this outcome", "outcome");
        var (user, commit) = (Word("--user", "Only those of this key", "name"), Word("--commit", "Only those of this commit", "id"));
        var since = Common.Duration("--since", "Only those made within this time, as 7d");
        var metrics = new Option<string[]>("--metric")
        {
            Description = "Only those whose last value lies so: 'loss<0.1', 'accuracy>0.9'; may be repeated",
            HelpName = "bound",
        };
        var (limit, output) = (Common.Limit(), Common.Output());
        var find = new Command("find", "Finds runs, newest first")
        {
            text, name, tag, group, outcome, metrics, user, commit, since, limit, output,
        };
        find.Runs(terminal, (session, stop) =>
        {
            var most = session.Most(limit);
            var query = new RunQuery(
                session.Get(name), session.Get(user), session.Get(tag), session.Get(group), session.Get(outcome), session.Get(commit),
                session.Get(since) is { } time ? terminal.Clock.GetUtcNow() - time : null,
                Metrics: Bounds(session.Get(metrics) ?? []), Text: session.Get(text), Limit: Math.Min(most, LargestPage));
            return session.Printer(output).List(All(session.Fleet, query, stop).Take(most), RunTable.Found(terminal.Clock), stop);
        });
        return find;
    }

    private static Option<string?> Word(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static async IAsyncEnumerable<FoundRun> All(
        FleetClient fleet, RunQuery query, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var next = query; next is not null;)
        {
            var found = await fleet.Experiments.Find(next, stop);
            foreach (var run in found.Results)
                yield return run;
            next = found.Next is null ? null : query with { Cursor = found.Next };
        }
    }

    private static Dictionary<string, MetricBounds>? Bounds(string[] words)
    {
        var bounds = new Dictionary<string, MetricBounds>();
        foreach (var word in words)
        {
            var at = word.IndexOfAny(['<', '>']);
            if (at <= 0 || !double.TryParse(word[(at + 1)..].TrimStart('='), NumberStyles.Float, CultureInfo.InvariantCulture, out var end)
                || !double.IsFinite(end))
                throw CommandException.Usage($"--metric is written as 'loss<0.1' or 'accuracy>0.9', not '{word}'.");
            var known = bounds.GetValueOrDefault(word[..at], new MetricBounds());
            bounds[word[..at]] = word[at] == '<' ? known with { Max = end } : known with { Min = end };
        }

        return bounds.Count > 0 ? bounds : null;
    }
}
