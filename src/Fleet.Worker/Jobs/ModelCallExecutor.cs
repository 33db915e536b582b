using System.Threading.Channels;
using Fleet.Contracts.Jobs;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Jobs;

/// <summary>Has an upstream answer and yields what it says. Knows nothing of the bus.</summary>
internal sealed class ModelCallExecutor(UpstreamBook upstreams, WorkerSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan _longestTimeout = TimeSpan.FromDays(40); // what a timer can hold

    /// <summary>The answer is not read faster than its events are taken.</summary>
    public IAsyncEnumerable<AttemptEvent> Run(ModelCallOrder order)
    {
        var events = Channel.CreateBounded<AttemptEvent>(1);
        _ = Task.Run(() => Perform(order, events.Writer));
        return events.Reader.ReadAllAsync();
    }

    private async Task Perform(ModelCallOrder order, ChannelWriter<AttemptEvent> events)
    {
        try
        {
            await events.WriteAsync(new Ended(await Result(order, events)));
            events.Complete();
        }
        catch (Exception failure)
        {
            events.Complete(failure);
        }
    }

    private async Task<AttemptResult> Result(ModelCallOrder order, ChannelWriter<AttemptEvent> events)
    {
        if (order.Stop.Asked.IsCompleted)
            return AttemptResults.StoppedBefore((await order.Stop.Asked).Reason);
        using var over = new CancellationTokenSource();
        var call = Call(order, events, over.Token);
        var longest = order.TimeoutSeconds is { } seconds
            ? Shorter(TimeSpan.FromSeconds(seconds), _longestTimeout)
            : Timeout.InfiniteTimeSpan;
        var timeout = Task.Delay(longest, over.Token);
        await Task.WhenAny(call, order.Stop.Asked, timeout);
        var hasEnded = call.IsCompleted;
        await over.CancelAsync();
        var result = await call;
        if (hasEnded)
            return result;
        return order.Stop.Asked.IsCompleted
            ? result.Stopped((await order.Stop.Asked).Reason)
            : result.RanTooLong(order.TimeoutSeconds ?? 0);
    }

    /// <summary>How it ended by itself; one that was called off has failed without a reason.</summary>
    private async Task<AttemptResult> Call(ModelCallOrder order, ChannelWriter<AttemptEvent> events, CancellationToken stop)
    {
        try
        {
            var upstream = upstreams.Find(order.Upstream, order.Call.Model)
                ?? throw UpstreamException.Unreachable(order.Upstream ?? "none", "this agent has no upstream of this name.");
            var answer = new ModelAnswer(order.Call, upstream.Name, settings.MaxAnswerBytes, clock);
            await foreach (var piece in upstream.Ask(order.Call, stop))
            {
                foreach (var chunk in answer.Take(piece))
                    await events.WriteAsync(new Wrote(chunk), stop);
            }

            return AttemptResults.Answered(answer.ToJson());
        }
        catch (UpstreamException failure)
        {
            return new AttemptResult(AttemptOutcome.Failed, IsFinal: failure.IsFinal).FailedBy(failure.Code, failure.Message);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new AttemptResult(AttemptOutcome.Failed);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
