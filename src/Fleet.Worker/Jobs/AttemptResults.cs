using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform;

namespace Fleet.Worker.Jobs;

/// <summary>The ways in which an attempt ends, each with its stable code and its sentence.</summary>
internal static class AttemptResults
{
    public static AttemptResult Succeeded { get; } = new(AttemptOutcome.Succeeded, ExitCode: 0);

    /// <summary>It was stopped before anything ran.</summary>
    public static AttemptResult StoppedBefore(StopReason reason) =>
        new AttemptResult(AttemptOutcome.Failed).Stopped(reason);

    public static AttemptResult TooLate { get; } = new AttemptResult(AttemptOutcome.Failed).FailedBy(
        "too_late", "The attempt reached the agent too late to be begun: it could have gone elsewhere already.");

    public static AttemptResult NotStarted(string why) =>
        new AttemptResult(AttemptOutcome.Failed).FailedBy("start_failed", why);

    /// <summary>An earlier run of this process had it in hand, and its processes were ended.</summary>
    public static AttemptResult AgentRestarted { get; } = new AttemptResult(AttemptOutcome.Failed).FailedBy(
        "agent_restarted", "The agent ended unexpectedly while it had the job in hand.");

    public static AttemptResult UnknownKind(string kind) =>
        NotStarted($"This agent does not know how to run a job of the kind '{kind}'.");

    public static AttemptResult AgentError(string why) =>
        new AttemptResult(AttemptOutcome.Failed).FailedBy("agent_error", $"The agent could not do its part: {why}");

    /// <param name="json">An <see cref="InferenceResult"/>.</param>
    public static AttemptResult Answered(string json) => new(AttemptOutcome.Succeeded, ResultJson: json);

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

    extension(AttemptResult result)
    {
        public AttemptResult FailedBy(string code, string sentence) =>
            result with { Outcome = AttemptOutcome.Failed, ErrorCode = code, ErrorMessage = PlainText.Of(sentence) };

        /// <summary>The same, unless it failed already: the first reason is the one to tell.</summary>
        public AttemptResult AlsoFailedBy((string Code, string Sentence)? failure) =>
            failure is { } it && result.Outcome == AttemptOutcome.Succeeded
                ? result.FailedBy(it.Code, it.Sentence)
                : result;

        public AttemptResult TimedOut(int seconds) => result with
        {
            Outcome = AttemptOutcome.TimedOut,
            ErrorCode = "timeout",
            ErrorMessage = $"The process ran longer than {seconds} s.",
        };

        public AttemptResult RanTooLong(int seconds) => result with
        {
            Outcome = AttemptOutcome.TimedOut,
            ErrorCode = "timeout",
            ErrorMessage = $"The model had not finished its answer after {seconds} s.",
        };

        public AttemptResult Stopped(StopReason reason) => reason switch
        {
            StopReason.Cancelled => result with
            {
                Outcome = AttemptOutcome.Cancelled,
                ErrorCode = "cancelled",
                ErrorMessage = "The job was cancelled.",
            },
            StopReason.AgentStopping => result.FailedBy("agent_stopped", "The agent was stopped while the job ran."),
            _ => result.LeaseLost(),
        };

        public AttemptResult LeaseLost() => result.FailedBy(
            "lease_lost", "The agent could not reach Control in time, and ended the attempt before another could begin.");
    }
}
