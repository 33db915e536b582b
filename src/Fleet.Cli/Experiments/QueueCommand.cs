using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Jobs;
using Fleet.Cli.Terminals;
using Fleet.Client.Experiments;
using Fleet.Client.Work;

namespace Fleet.Cli.Experiments;

/// <summary><c>fleet experiment queue</c>: a run of a commit, whose files may be those of a directory.</summary>
internal static class QueueCommand
{
    public static Command Build(Terminal terminal)
    {
        var args = new Argument<string[]>("args")
        {
            Description = "Arguments behind those of the commit's entry; write -- in front of them",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var commit = Word("--commit", "The commit: 40 hex digits; with --from made of the files where it is left out", "id");
        var from = Word("--from", "A directory whose files are sent first, unless the fleet has them", "path");
        var name = Word("--name", "What the run is called", "name");
        var env = Common.Pairs("--env", "A variable of its environment", "-e");
        var datasets = Words("--dataset", "A registered dataset that it needs; may be repeated", "name");
        var cpu = new Option<double?>("--cpu") { Description = "Processors it may take", HelpName = "count" };
        var memory = new Option<int?>("--memory-mb") { Description = "Memory it may take", HelpName = "megabytes" };
        var gpu = new Option<int?>("--gpu") { Description = "How many it needs", HelpName = "count" };
        var priority = new Option<int?>("--priority") { Description = "From 0, last, to 9, first", HelpName = "number" };
        var hypothesis = Word("--hypothesis", "What it is to show", "text");
        var intent = Word("--intent", "What it is for", "text");
        var group = Word("--group", "The runs that it belongs to", "name");
        var tags = Words("--tag", "A tag; may be repeated", "tag");
        var output = Common.Output();
        var queue = new Command("queue", "Queues a run of a commit")
        {
            args, commit, from, name, env, datasets, cpu, memory, gpu, priority, hypothesis, intent, group, tags, output,
        };
        queue.Runs(terminal, async (session, stop) =>
        {
            var id = await Commit(session, session.Get(commit), session.Get(from), stop);
            var resources = new RunResources(session.Get(cpu), session.Get(memory), session.Get(gpu));
            var job = await session.Fleet.Jobs.Submit(new JobDraft
            {
                Kind = "experiment",
                Name = session.Get(name),
                Priority = session.Get(priority),
                Experiment = new ExperimentDraft(
                    id, Some(session.Get(args)), session.Get(env) is { Count: > 0 } variables ? variables : null,
                    Some(session.Get(datasets)), resources == new RunResources() ? null : resources),
            }, null, stop);
            var why = new Narrative(
                session.Get(hypothesis), Intent: session.Get(intent), ExperimentGroup: session.Get(group), Tags: Some(session.Get(tags)));
            if (why != new Narrative())
                await session.Fleet.Experiments.Narrate(job.JobId, why, stop);
            session.Printer(output).One(job, JobTable.View(terminal.Clock));
        });
        return queue;
    }

    private static async Task<string> Commit(Session session, string? commit, string? directory, CancellationToken stop)
    {
        if (directory is null)
            return commit ?? throw CommandException.Usage("Say what to run: --commit, or --from with a directory.");
        using var pack = await CommitPack.Of(directory, stop);
        if (commit is null && await session.Fleet.Experiments.Has(pack.CommitId, stop)) // a given name says nothing of the files
        {
            session.Remark($"Commit {pack.CommitId} is there already.");
            return pack.CommitId;
        }

        var sent = await session.Fleet.Experiments.Upload(commit ?? pack.CommitId, pack.Open, stop);
        session.Remark($"Commit {sent.CommitId} has {sent.FilesCount} files.");
        return sent.CommitId;
    }

    private static Option<string?> Word(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static Option<string[]> Words(string name, string description, string value) =>
        new(name) { Description = description, HelpName = value };

    private static string[]? Some(string[]? words) => words is { Length: > 0 } ? words : null;
}
