using System.Runtime.CompilerServices;
using Fleet.Contracts.Models;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Models;

/// <summary>A call that was accepted: a job, which goes on whether or not somebody waits for it.</summary>
/// <param name="model">The name that the caller used.</param>
/// <param name="isRepeated">The request came before, with the same <c>Idempotency-Key</c>.</param>
internal sealed class ModelCall(
    Guid job, string model, bool isRepeated, WorkStatuses statuses, WorkOperations operations, JournalFeed feed, TimeProvider clock)
{
    public Guid Job => job;

    public string Model => model;

    public bool IsRepeated => isRepeated;

    public Task Cancel(string by) => operations.Cancel(job, InferenceSpec.Kind, by);

    /// <summary>The answer as it comes, from its beginning; each list is what came together.</summary>
    public async IAsyncEnumerable<IReadOnlyList<ModelPiece>> Follow(
        TimeSpan quiet, [EnumeratorCancellation] CancellationToken stop)
    {
        var reader = new AnswerReader(job);
        await foreach (var page in feed.Follow(job, 0, quiet, stop))
        {
            var pieces = page.Where(entry => !entry.IsLast).SelectMany(reader.Read).ToList();
            if (page is [.., { IsLast: true } last])
                pieces.AddRange(await End(reader, last.At, stop));
            else if (page.Count == 0)
                pieces.Add(await Quiet(stop));
            if (pieces.Count > 0)
                yield return pieces;
            if (pieces is [.., FailurePiece])
                yield break;
        }
    }

    /// <summary>The end or the failure, without what came before.</summary>
    public async Task<ModelPiece> Wait(TimeSpan quiet, CancellationToken stop)
    {
        await foreach (var page in feed.Follow(job, 0, quiet, stop))
        {
            if (page is [.., { IsLast: true } last])
                return await Outcome(last.At, stop);
            if (page.Count == 0 && await Quiet(stop) is FailurePiece gone)
                return gone;
        }

        throw new InvalidOperationException("A journal ended without its last entry.");
    }

    private async Task<IEnumerable<ModelPiece>> End(AnswerReader reader, DateTimeOffset at, CancellationToken stop)
    {
        var outcome = await Outcome(at, stop);
        return outcome is EndPiece end ? reader.End(end.Result, at) : reader.HasFailed ? [] : [outcome];
    }

    /// <summary>A job that is deleted has no journal any more, and would be waited for without end.</summary>
    private async Task<ModelPiece> Quiet(CancellationToken stop) => await statuses.Find(job, stop) is null
        ? new FailurePiece(clock.GetUtcNow(), CallFailure.Gone())
        : new QuietPiece(clock.GetUtcNow());

    private async Task<ModelPiece> Outcome(DateTimeOffset at, CancellationToken stop)
    {
        if (await statuses.Find(job, stop) is not { } status)
            return new FailurePiece(at, CallFailure.Gone());
        if (!status.HasSucceeded)
            return new FailurePiece(at, CallFailure.Of(status));
        return ModelResult.Read(status.ResultJson) is { } result
            ? new EndPiece(at, result)
            : new FailurePiece(at, CallFailure.NoResult());
    }
}
