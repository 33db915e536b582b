using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job wait</c>: comes back when jobs are over.</summary>
internal static class JobWaitCommand
{
    public static Command Build(Terminal terminal)
    {
        var ids = new Argument<string[]>("job") { Description = "The ids of jobs", Arity = ArgumentArity.OneOrMore }
            .Completes(terminal, Completions.OpenJobIds);
        var timeout = Common.Duration("--timeout", "Wait no longer, and exit with 6");
        var output = Common.Output();
        var wait = new Command("wait", "Waits for the end of jobs: exits with 0 where all succeeded, 5 where one did not")
        {
            ids, timeout, output,
        };
        wait.Runs(terminal, async (session, stop) =>
        {
            var (since, most) = (terminal.Clock.GetTimestamp(), session.Get(timeout));
            var jobs = new List<Job>();
            foreach (var id in session.Get(ids))
            {
                var left = most - terminal.Clock.GetElapsedTime(since);
                jobs.Add(await session.Fleet.Jobs.Wait(id, left < TimeSpan.Zero ? TimeSpan.Zero : left, stop));
            }

            await session.Printer(output).List(jobs.ToAsyncEnumerable(), JobTable.View(terminal.Clock), stop);
            return CodeOf(jobs);
        });
        return wait;
    }

    private static int CodeOf(List<Job> jobs) =>
        jobs.Exists(job => !job.IsOver) ? throw new CommandException(ExitCode.TimedOut, "The time was over before all jobs were.")
        : jobs.TrueForAll(job => job.State == "succeeded") ? ExitCode.Ok
        : ExitCode.WorkFailed;
}
