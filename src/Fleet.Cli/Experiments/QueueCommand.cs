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
        var run = new QueueOptions();
        var commit = Word("--commit", "The commit: 40 hex digits; with --from made of the files where it is left out", "id");
        var from = Word("--from", "A directory whose files are sent first, unless the fleet has them", "path");
        var output = Common.Output();
        var queue = new Command("queue", "Queues a run of a commit") { commit, from };
        run.AddTo(queue);
        queue.Options.Add(output);
        queue.Runs(terminal, async (session, stop) =>
        {
            var id = await Commit(session, session.Get(commit), session.Get(from), stop);
            var job = await session.Fleet.Jobs.Submit(new JobDraft
            {
                Kind = "experiment",
                Name = run.Name(session),
                Priority = run.Priority(session),
                Experiment = new ExperimentDraft(
                    id, run.Args(session), run.Env(session), run.Datasets(session), run.Resources(session)),
            }, null, stop);
            await run.Narrate(session, job.JobId, stop);
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
}
