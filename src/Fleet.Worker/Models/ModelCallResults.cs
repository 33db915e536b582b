using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Models;

/// <summary>The ways in which a model call ends, each with its stable code and its sentence.</summary>
internal static class ModelCallResults
{
    /// <param name="json">An <see cref="InferenceResult"/>.</param>
    public static AttemptResult Answered(string json) => new(AttemptOutcome.Succeeded, ResultJson: json);

    public static AttemptResult Of(UpstreamException failure) =>
        new AttemptResult(AttemptOutcome.Failed, IsFinal: failure.IsFinal).FailedBy(failure.Code, failure.Message);

    /// <summary>It was called off, for a reason that somebody else knows.</summary>
    public static AttemptResult CalledOff { get; } = new(AttemptOutcome.Failed);

    public static AttemptResult TimedOut(this AttemptResult result, int seconds) =>
        result.TimedOut($"The model had not finished its answer after {seconds} s.");
}
