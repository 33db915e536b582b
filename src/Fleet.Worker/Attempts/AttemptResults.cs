using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform;
using Fleet.Worker.Platform.InHand;

namespace Fleet.Worker.Attempts;

/// <summary>The ways in which an attempt of any kind ends, each with its stable code and its sentence.</summary>
internal static class AttemptResults
{
    public static AttemptResult Succeeded { get; } = new(AttemptOutcome.Succeeded, ExitCode: 0);

    /// <summary>It was stopped before anything ran.</summary>
    public static AttemptResult StoppedBefore(StopReason reason) =>
        new AttemptResult(AttemptOutcome.Failed).Stopped(reason);

    public static AttemptResult TooLate { get; } = new AttemptResult(AttemptOutcome.Failed).FailedBy(
        AttemptErrors.TooLate, "The attempt reached the agent too late to be begun: it could have gone elsewhere already.");

    public static AttemptResult NotStarted(string why) =>
        new AttemptResult(AttemptOutcome.Failed).FailedBy("start_failed", why);

    /// <summary>An earlier run of this process had it in hand, and its processes were ended.</summary>
    public static AttemptResult AgentRestarted { get; } = new AttemptResult(AttemptOutcome.Failed).FailedBy(
        AttemptErrors.AgentRestarted, "The agent ended unexpectedly while it had the attempt in hand.");

    public static AttemptResult UnknownKind(string kind) =>
        NotStarted($"This agent does not know how to run work of the kind '{kind}'.");

    /// <summary>No agent will understand it better.</summary>
    public static AttemptResult UnreadableSpec(string kind, string why) =>
        NotStarted($"What is to be done is not told in the words of the kind '{kind}': {why}") with { IsFinal = true };

    public static AttemptResult AgentError(string why) =>
        new AttemptResult(AttemptOutcome.Failed).FailedBy("agent_error", $"The agent could not do its part: {why}");

    extension(AttemptResult result)
    {
        public AttemptResult FailedBy(string code, string sentence) =>
            result with { Outcome = AttemptOutcome.Failed, ErrorCode = code, ErrorMessage = PlainText.Of(sentence) };

        /// <summary>The same, unless it failed already: then the first reason comes first.</summary>
        public AttemptResult AlsoFailedBy((string Code, string Sentence)? failure) => failure switch
        {
            null => result,
            { } it when result.Outcome == AttemptOutcome.Succeeded => result.FailedBy(it.Code, it.Sentence),
            { } it when result.Outcome == AttemptOutcome.Failed =>
                result with { ErrorMessage = PlainText.Of($"{result.ErrorMessage} {it.Sentence}") },
            _ => result,
        };

        public AttemptResult TimedOut(string sentence) => result with
        {
            Outcome = AttemptOutcome.TimedOut,
            ErrorCode = AttemptErrors.Timeout,
            ErrorMessage = sentence,
        };

        public AttemptResult Stopped(StopReason reason) => reason switch
        {
            StopReason.Cancelled => result with
            {
                Outcome = AttemptOutcome.Cancelled,
                ErrorCode = AttemptErrors.Cancelled,
                ErrorMessage = "It was cancelled.",
            },
            StopReason.AgentStopping =>
                result.FailedBy(AttemptErrors.AgentStopped, "The agent was stopped while the attempt ran."),
            _ => result.LeaseLost(),
        };

        public AttemptResult LeaseLost() => result.FailedBy(
            AttemptErrors.LeaseLost,
            "The agent could not reach Control in time, and ended the attempt before another could begin.");
    }
}
