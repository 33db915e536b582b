using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Experiments;
using Fleet.Cli.Jobs;
using Fleet.Cli.Terminals;
using Fleet.Client.Notebooks;

namespace Fleet.Cli.Notebooks;

/// <summary><c>fleet notebook queue</c>: a run of the files of a notebook's workspace.</summary>
internal static class RunFilesCommand
{
    public static Command Build(Terminal terminal)
    {
        var (name, run, output) = (NotebookCommands.Named(terminal), new QueueOptions(), Common.Output());
        var queue = new Command("queue", "Makes a commit of the files of its workspace, and queues a run of it") { name };
        run.AddTo(queue);
        queue.Options.Add(output);
        queue.Runs(terminal, async (session, stop) =>
        {
            var draft = new NotebookRunDraft(
                run.Name(session), run.Priority(session), run.Args(session), run.Env(session), run.Datasets(session),
                run.Resources(session));
            var job = await session.Fleet.Notebooks.Queue(session.Get(name), draft, stop);
            await run.Narrate(session, job.JobId, stop);
            session.Printer(output).One(job, JobTable.View(terminal.Clock));
        });
        return queue;
    }
}
