using Fleet.Cli.Failures;
using Fleet.Cli.Terminals;
using Fleet.Client.Work;

namespace Fleet.Cli.Run;

/// <summary>What the end of a job means for who waited for it.</summary>
internal static class JobExit
{
    /// <summary>The code of the error where the process itself said that it failed.</summary>
    private const string ByExitCode = "exit_code";

    /// <summary>The job's own exit code; 5 where something else ended it: cancelled, expired, lost, timed out, a signal.</summary>
    public static int CodeOf(Job? job) => job switch
    {
        { State: "succeeded" } => ExitCode.Ok,
        { State: "failed", Error.Code: ByExitCode, ExitCode: { } code and not 0 } => code,
        _ => ExitCode.WorkFailed,
    };

    /// <summary>Says why there is no exit code; a job that has one has said what it wanted.</summary>
    public static void Explain(Terminal terminal, string jobId, Job? job)
    {
        if (job is { State: "succeeded" } or { State: "failed", Error.Code: ByExitCode })
            return;
        var sentence = job is null ? $"Job {jobId} was removed while it was followed." : $"Job {jobId} {Ending(job)}.";
        new Failure(ExitCode.WorkFailed, sentence, job is null ? [] : [$"fleet job show {jobId} tells all of it."]).Tell(terminal);
    }

    public static string Ending(Job job)
    {
        var how = job.State switch
        {
            "cancelled" => "was cancelled",
            "expired" => "expired before it ran",
            "failed" => "failed",
            _ => $"is {job.State}",
        };
        return job.Error is { } error ? $"{how} ({error.Code}): {error.Message.TrimEnd('.')}" : how;
    }
}
