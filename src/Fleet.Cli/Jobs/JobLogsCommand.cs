using System.CommandLine;
using Fleet.Cli.Commands;
using Fleet.Cli.Failures;
using Fleet.Cli.Run;
using Fleet.Cli.Terminals;

namespace Fleet.Cli.Jobs;

/// <summary><c>fleet job logs</c>: what a job wrote so far, or goes on writing.</summary>
internal static class JobLogsCommand
{
    public static Command Build(Terminal terminal)
    {
        var id = JobCommands.Id(terminal, Completions.JobIds);
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on until the job ends" };
        var stream = new Option<string?>("--stream") { Description = "Only this stream", HelpName = "stream" };
        stream.AcceptOnlyFromAmong("stdout", "stderr", "content", "thinking", "tool_calls");
        var raw = new Option<bool>("--raw")
        {
            Description = "Send a terminal every control character, and not only colours",
        };
        var logs = new Command("logs", "What a job wrote: its stdout here on stdout, its stderr on stderr") { id, follow, stream, raw };
        logs.Runs(terminal, async (session, stop) =>
        {
            var output = new JobOutput(session, session.Get(raw) ? JobOutput.Raw : JobOutput.Safe) { Only = session.Get(stream) };
            if (session.Get(follow))
                await output.Follow(session.Get(id), 0, stop);
            else
                await output.Copy(session.Get(id), stop);
            return ExitCode.Ok;
        });
        return logs;
    }
}
