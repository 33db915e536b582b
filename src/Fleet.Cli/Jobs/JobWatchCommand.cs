using System.CommandLine;
using System.Text;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Output;
using Fleet.Cli.Run;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job watch</c>: everything that happens to a job, one line each, up to its end.</summary>
internal static class JobWatchCommand
{
    public static Command Build(Terminal terminal)
    {
        var id = JobCommands.Id(terminal, Completions.OpenJobIds);
        var output = Common.Output(Formats.Wide, Formats.Yaml, Formats.Json, Formats.Name);
        var watch = new Command("watch", "Everything that happens to a job: exits with 0 where it succeeds, 5 where it does not")
        {
            id, output,
        };
        watch.Runs(terminal, async (session, stop) =>
        {
            var printer = session.Printer(output);
            var code = ExitCode.WorkFailed;
            await foreach (var happened in session.Fleet.Jobs.Events(session.Get(id), 0, session.Remark, stop))
            {
                if (happened is JobEvent.Ended { Job.State: "succeeded" })
                    code = ExitCode.Ok;
                printer.Event(DataOf(happened), TextOf(happened));
            }

            return code;
        });
        return watch;
    }

    private static string TextOf(JobEvent happened) => Words.Number(happened.Seq).PadLeft(6) + "  " + happened switch
    {
        JobEvent.StateChanged state =>
            $"{state.To}{(state.Agent is { } agent ? $" on {agent}" : "")}{(state.Reason is { } reason ? $" ({reason})" : "")}",
        JobEvent.Progressed progress => JobTable.ProgressOf(new JobProgress(progress.Fraction, progress.Text))!,
        JobEvent.Output output => $"{output.Stream}: {Text(output).TrimEnd('\n')}",
        JobEvent.Ended { Job: { } job } => JobExit.Ending(job),
        JobEvent.Ended => "was removed",
        JobEvent.Other other => $"{other.Type} {other.Data}",
        _ => "",
    };

    private static object DataOf(JobEvent happened) => happened switch
    {
        JobEvent.StateChanged state => new { state.Seq, type = "state", state.From, state.To, state.Attempt, state.Reason, state.Agent },
        JobEvent.Progressed progress => new { progress.Seq, type = "progress", progress.Fraction, progress.Text },
        JobEvent.Output output => new { output.Seq, type = "output", output.Stream, text = Text(output), output.Attempt },
        JobEvent.Ended ended => new { ended.Seq, type = "end", ended.Job },
        JobEvent.Other other => new { other.Seq, other.Type, other.Data },
        _ => happened,
    };

    private static string Text(JobEvent.Output output) => Encoding.UTF8.GetString(output.Bytes.Span);
}
