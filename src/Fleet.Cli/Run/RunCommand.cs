using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Run;

/// <summary><c>fleet run</c>: a command somewhere in the fleet, as if it ran here.</summary>
internal static class RunCommand
{
    public static Command Build(Terminal terminal)
    {
        var words = new Argument<string[]>("command")
        {
            Description = "The program and its arguments; write -- in front of it",
            Arity = ArgumentArity.OneOrMore,
            CaptureRemainingTokens = true,
        };
        var options = new RunOptions(terminal);
        var detach = new Option<bool>("--detach", "-d") { Description = "Print the job's id and leave it to itself" };
        var output = Common.Output(Formats.Wide);
        var run = new Command("run", "Runs a command on an agent, with its output and exit code here") { detach, output };
        options.AddTo(run);
        run.Arguments.Add(words);
        run.Runs(terminal, async (session, stop) =>
        {
            var job = await session.Fleet.Jobs.Submit(await options.Read(session, session.Get(words), stop), null, stop);
            if (session.Get(detach))
            {
                if (session.IsGiven(output))
                    session.Printer(output).One(job, Jobs.JobTable.View(terminal.Clock));
                else
                    terminal.Out.WriteLine(job.JobId);
                return ExitCode.Ok;
            }

            session.Remark($"Job {job.JobId} is {job.State}.");
            return await FollowToEnd(session, job, stop);
        });
        return run;
    }

    /// <summary>
    /// Ctrl-C asks once, and cancels the job at the second time; the third leaves. A request to end leaves at once, and the job
    /// goes on.
    /// </summary>
    private static async Task<int> FollowToEnd(Session session, Job job, CancellationToken stop)
    {
        var asked = 0;
        var cancellation = Task.CompletedTask;
        using var answer = session.Terminal.Interrupts.Answer(() =>
        {
            switch (++asked)
            {
                case 1:
                    session.Terminal.Error.WriteLine(
                        $"\nJob {job.JobId} goes on. Ctrl-C again cancels it; fleet job logs -f {job.JobId} follows it elsewhere.");
                    return true;
                case 2:
                    session.Terminal.Error.WriteLine("\nThe job is cancelled; Ctrl-C again does not wait for its end.");
                    cancellation = session.Fleet.Jobs.Cancel(job.JobId, stop);
                    return true;
                default:
                    return false;
            }
        });
        Job? ended;
        await using (new Waiting(session, looked => session.Fleet.Jobs.Explain(job.JobId, looked), stop))
            ended = await new JobOutput(session, JobOutput.Raw).Follow(job.JobId, 0, stop);
        await cancellation;
        var code = JobExit.CodeOf(ended);
        JobExit.Explain(session.Terminal, job.JobId, ended);
        return asked > 1 && ended is not { State: "succeeded" } ? ExitCode.Interrupted : code;
    }
}
