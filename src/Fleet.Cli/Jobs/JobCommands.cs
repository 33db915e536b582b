using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job</c>: what was submitted, and what became of it.</summary>
internal static class JobCommands
{
    public static Command Build(Terminal terminal) => new("job", "Jobs: find them, follow them, end them")
    {
        JobListCommand.Build(terminal),
        Show(terminal),
        JobLogsCommand.Build(terminal),
        JobWatchCommand.Build(terminal),
        JobWaitCommand.Build(terminal),
        JobExplainCommand.Build(terminal),
        Cancel(terminal),
        Retry(terminal),
    };

    public static Argument<string> Id(Terminal terminal, Completion completion) =>
        new Argument<string>("job") { Description = "The id of a job" }.Completes(terminal, completion);

    private static Command Show(Terminal terminal)
    {
        var id = Id(terminal, Completions.JobIds);
        var output = Common.Output();
        var show = new Command("show", "All about one job") { id, output };
        show.Runs(terminal, async (session, stop) =>
            session.Printer(output).One(await session.Fleet.Jobs.Show(session.Get(id), stop), JobTable.View(terminal.Clock)));
        return show;
    }

    private static Command Cancel(Terminal terminal)
    {
        var ids = new Argument<string[]>("job") { Description = "The ids of jobs", Arity = ArgumentArity.OneOrMore }
            .Completes(terminal, Completions.OpenJobIds);
        var output = Common.Output();
        var yes = Common.Yes();
        var cancel = new Command("cancel", "Ends jobs: one that waits never starts, one that runs is stopped") { ids, yes, output };
        cancel.Runs(terminal, async (session, stop) =>
        {
            var wanted = session.Get(ids);
            await session.Confirm(yes, wanted.Length == 1 ? $"Cancel {wanted[0]}?" : $"Cancel {wanted.Length} jobs?");
            var jobs = new List<Job>();
            foreach (var job in wanted)
                jobs.Add(await session.Fleet.Jobs.Cancel(job, stop));
            await session.Printer(output).List(jobs.ToAsyncEnumerable(), JobTable.View(terminal.Clock), stop);
        });
        return cancel;
    }

    private static Command Retry(Terminal terminal)
    {
        var id = Id(terminal, Completions.JobIds);
        var output = Common.Output();
        var retry = new Command("retry", "Submits a finished job again, as a new one") { id, output };
        retry.Runs(terminal, async (session, stop) =>
        {
            var job = await session.Fleet.Jobs.Retry(session.Get(id), stop);
            session.Printer(output).One(job, JobTable.View(terminal.Clock));
            return ExitCode.Ok;
        });
        return retry;
    }
}
