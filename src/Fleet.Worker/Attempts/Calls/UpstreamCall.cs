using Fleet.Contracts.Attempts;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Attempts.Calls;

/// <summary>A call of an upstream as an attempt: it ends by itself, or it is stopped, or it takes too long.</summary>
internal static class UpstreamCall
{
    /// <param name="ask">Returns what becomes the result; cancelled, it hangs up at once.</param>
    public static async Task<AttemptResult> Perform(
        AttemptContext attempt, TimeProvider clock, Func<CancellationToken, Task<string>> ask)
    {
        using var over = new CancellationTokenSource();
        var asking = Ask(ask, over.Token);
        var timeout = Task.Delay(attempt.Timeout, clock, over.Token);
        await Task.WhenAny(asking, attempt.Stop.Asked, timeout);
        var hasEnded = asking.IsCompleted;
        await over.CancelAsync();
        var result = await asking;
        if (hasEnded)
            return result;
        return attempt.Stop.Asked.IsCompleted
            ? result.Stopped((await attempt.Stop.Asked).Reason)
            : result.TimedOut($"The model had not finished its answer after {attempt.TimeoutSeconds ?? 0} s.");
    }

    private static async Task<AttemptResult> Ask(Func<CancellationToken, Task<string>> ask, CancellationToken stop)
    {
        try
        {
            return new AttemptResult(AttemptOutcome.Succeeded, ResultJson: await ask(stop));
        }
        catch (UpstreamException failure)
        {
            return new AttemptResult(AttemptOutcome.Failed, IsFinal: failure.IsFinal).FailedBy(failure.Code, failure.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new AttemptResult(AttemptOutcome.Failed); // for a reason that the caller knows
        }
    }
}
