using System.Text.Json;
using Fleet.Contracts.Attempts;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;

namespace Fleet.Worker.Backups;

/// <summary>How one run of restic ended.</summary>
/// <param name="Summary">Its own account; null where it gave none.</param>
/// <param name="Others">Other objects and arrays that it wrote.</param>
/// <param name="Said">What it wrote for people, the last of it; secrets may be in it.</param>
/// <param name="Stopped">It was asked to end.</param>
/// <param name="Failure">What it means, where it did not do well; without secrets.</param>
internal sealed record ResticExit(
    ChildExit Child,
    JsonElement? Summary,
    IReadOnlyList<JsonElement> Others,
    IReadOnlyList<string> Said,
    StopReason? Stopped,
    bool TimedOut,
    ResticFailure Failure)
{
    /// <summary>Exit code of a backup that could not read everything; the snapshot is there.</summary>
    private const int Incomplete = 3;

    public bool IsDone => Child.ExitCode == 0;

    public bool IsIncomplete => Child.ExitCode == Incomplete;

    /// <summary>It ended by itself.</summary>
    public bool IsOwnEnd => Stopped is null && !TimedOut;

    public AttemptResult Result(AttemptContext attempt)
    {
        var result = new AttemptResult(
            AttemptOutcome.Succeeded,
            Child.ExitCode,
            Child.Signal is { } signal ? Platform.Linux.Signals.NameOf(signal) : null,
            CpuSeconds: Child.CpuSeconds,
            PeakMemoryBytes: Child.PeakMemoryBytes);
        if (Stopped is { } reason)
            return result.Stopped(reason);
        if (TimedOut)
            return result.TimedOut($"It took longer than {attempt.TimeoutSeconds} s.");
        if (IsDone || IsIncomplete)
            return result;
        return result.FailedBy(Failure.Code, Failure.Sentence) with { IsFinal = Failure.IsFinal };
    }
}
