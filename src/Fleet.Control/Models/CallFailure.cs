using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Models;

/// <summary>Why a call has no answer, or no whole one.</summary>
/// <param name="Status">What HTTP says of it, where nothing was said yet.</param>
/// <param name="Code">Stable, for programs.</param>
/// <param name="Sentence">For people.</param>
internal sealed record CallFailure(int Status, string Code, string Sentence)
{
    public static CallFailure Of(WorkStatus job) => new(
        StatusOf(job),
        job.ErrorCode ?? job.State,
        job.ErrorMessage ?? $"The call ended as {job.State}.");

    /// <summary>It succeeded, and what it left cannot be read.</summary>
    public static CallFailure NoResult() => new(502, "no_result", "The model's answer cannot be read.");

    /// <summary>The job was deleted, perhaps long ago.</summary>
    public static CallFailure Gone() => new(410, "job_gone", "The job of this call is deleted.");

    /// <summary>What was sent cannot be taken back, and a later attempt says something else.</summary>
    public static CallFailure Diverged(string job) => new(
        502,
        "attempt_diverged",
        $"The attempt broke off and the next one answers differently from what was sent here; job {job} has the whole answer.");

    public static CallFailure BrokeOff(string job) => new(
        503, "stream_broken", $"The answer cannot be followed at the moment; job {job} goes on and will have the whole of it.");

    public ProblemResult ToProblem() => new(Status, Code, Sentence);

    private static int StatusOf(WorkStatus job) => job.ErrorCode switch
    {
        "upstream_refused" => 400,
        "model_not_found" => 404,
        "answer_too_long" => 422, // the same call would have the same end
        "upstream_cut" or "upstream_rubbish" or "upstream_denied" => 502,
        "upstream_unreachable" or "upstream_busy" or "agent_lost" or "agent_stopped" => 503,
        "upstream_silence" or "timeout" or "expired" => 504,
        _ => 500,
    };
}
