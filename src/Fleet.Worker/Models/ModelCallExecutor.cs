using System.Threading.Channels;
using Fleet.Contracts.Attempts;
using Fleet.Contracts.Models;
using Fleet.Worker.Attempts;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Models;

/// <summary>Has an upstream answer; the answer is not read faster than its pieces are taken.</summary>
internal sealed class ModelCallExecutor(UpstreamRegistry upstreams, WorkerSettings settings, TimeProvider clock)
    : IExecutor
{
    public string Kind => InferenceSpec.Kind;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var call = attempt.Spec<InferenceSpec>();
        return AttemptEventStream.Of(attempt.Stop, events => Perform(call, attempt, events));
    }

    private async Task<AttemptResult> Perform(
        InferenceSpec call, AttemptContext attempt, ChannelWriter<AttemptEvent> events)
    {
        using var over = new CancellationTokenSource();
        var asking = Ask(call, attempt.Upstream, events, over.Token);
        var timeout = Task.Delay(attempt.Timeout, over.Token);
        await Task.WhenAny(asking, attempt.Stop.Asked, timeout);
        var hasEnded = asking.IsCompleted;
        await over.CancelAsync();
        var result = await asking;
        if (hasEnded)
            return result;
        return attempt.Stop.Asked.IsCompleted
            ? result.Stopped((await attempt.Stop.Asked).Reason)
            : result.TimedOut(attempt.TimeoutSeconds ?? 0);
    }

    private async Task<AttemptResult> Ask(
        InferenceSpec call, string? name, ChannelWriter<AttemptEvent> events, CancellationToken stop)
    {
        try
        {
            var upstream = upstreams.Find(name, call.Model)
                ?? throw UpstreamException.Unreachable(name ?? "none", "this agent has no upstream of this name.");
            var answer = new ModelAnswer(call, upstream.Name, settings.MaxAnswerBytes, clock);
            await foreach (var piece in upstream.Ask(call, stop))
            {
                foreach (var chunk in answer.Take(piece))
                    await events.WriteAsync(new Wrote(chunk), stop);
            }

            return ModelCallResults.Answered(answer.ToJson());
        }
        catch (UpstreamException failure)
        {
            return ModelCallResults.Of(failure);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ModelCallResults.CalledOff;
        }
    }
}
