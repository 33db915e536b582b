using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Linux;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Commands;

/// <summary>The ways in which a process ends, each with its stable code and its sentence.</summary>
internal static class CommandResults
{
    public static AttemptResult Of(ChildExit exit)
    {
        var result = new AttemptResult(
            AttemptOutcome.Succeeded,
            exit.ExitCode,
            exit.Signal is { } signal ? Signals.NameOf(signal) : null,
            CpuSeconds: exit.CpuSeconds,
            PeakMemoryBytes: exit.PeakMemoryBytes);
        return exit switch
        {
            { ExitCode: 0 } => result,
            { ExitCode: { } code } => result.FailedBy("exit_code", $"The process exited with code {code}."),
            { Signal: not null } => result.FailedBy("signal", $"The process was ended by {result.Signal}."),
            _ => result.FailedBy("exit_unknown", "The system could not tell how the process ended."),
        };
    }

    public static AttemptResult TimedOut(this AttemptResult result, int seconds) =>
        result.TimedOut($"The process ran longer than {seconds} s.");
}
