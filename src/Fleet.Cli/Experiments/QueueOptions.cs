using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Client.Experiments;

namespace Fleet.Cli.Experiments;

/// <summary>What is said of a run that is queued: how it runs, and why it is made.</summary>
internal sealed class QueueOptions
{
    private readonly Argument<string[]> _args = new("args")
    {
        Description = "Arguments behind those of the commit's entry; write -- in front of them",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _name = Word("--name", "What the run is called", "name");
    private readonly Option<Dictionary<string, string>> _env = Common.Pairs("--env", "A variable of its environment", "-e");
    private readonly Option<string[]> _datasets = Words("--dataset", "A registered dataset that it needs; may be repeated", "name");
    private readonly Option<double?> _cpu = new("--cpu") { Description = "Processors it may take", HelpName = "count" };
    private readonly Option<int?> _memory = new("--memory-mb") { Description = "Memory it may take", HelpName = "megabytes" };
    private readonly Option<int?> _gpu = new("--gpu") { Description = "How many it needs", HelpName = "count" };
    private readonly Option<int?> _priority = new("--priority") { Description = "From 0, last, to 9, first", HelpName = "number" };
    private readonly Option<string?> _hypothesis = Word("--hypothesis", "What it is to show", "text");
    private readonly Option<string?> _intent = Word("--intent", "What it is for", "text");
    private readonly Option<string?> _group = Word("--group", "The runs that it belongs to", "name");
    private readonly Option<string[]> _tags = Words("--tag", "A tag; may be repeated", "tag");

    /// <summary>Adds all of them, in the order in which help shows them.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_args);
        foreach (var option in (Option[])[_name, _env, _datasets, _cpu, _memory, _gpu, _priority, _hypothesis, _intent, _group, _tags])
            command.Options.Add(option);
    }

    public string? Name(Session session) => session.Get(_name);

    public int? Priority(Session session) => session.Get(_priority);

    public IReadOnlyList<string>? Args(Session session) => Some(session.Get(_args));

    public IReadOnlyDictionary<string, string>? Env(Session session) =>
        session.Get(_env) is { Count: > 0 } variables ? variables : null;

    public IReadOnlyList<string>? Datasets(Session session) => Some(session.Get(_datasets));

    public RunResources? Resources(Session session)
    {
        var resources = new RunResources(session.Get(_cpu), session.Get(_memory), session.Get(_gpu));
        return resources == new RunResources() ? null : resources;
    }

    /// <summary>Says why the run is made, where that was said.</summary>
    public async Task Narrate(Session session, string run, CancellationToken stop)
    {
        var why = new Narrative(
            session.Get(_hypothesis), Intent: session.Get(_intent), ExperimentGroup: session.Get(_group), Tags: Some(session.Get(_tags)));
        if (why != new Narrative())
            await session.Fleet.Experiments.Narrate(run, why, stop);
    }

    private static Option<string?> Word(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string[]> Words(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static string[]? Some(string[]? words) => words is { Length: > 0 } ? words : null;
}
