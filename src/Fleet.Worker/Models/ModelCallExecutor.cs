using System.Threading.Channels;
using Fleet.Contracts.Models;
using Fleet.Worker.Attempts;
using Fleet.Worker.Attempts.Calls;
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
        return AttemptEventStream.Of(attempt.Stop, events => UpstreamCall.Perform(
            attempt, clock, stop => Ask(call, attempt.Upstream, events, stop)));
    }

    private async Task<string> Ask(
        InferenceSpec call, string? name, ChannelWriter<AttemptEvent> events, CancellationToken stop)
    {
        var upstream = upstreams.Get(name, call.Model);
        var answer = new GatheredAnswer(upstream.Name, settings.MaxAnswerBytes, clock);
        await foreach (var piece in upstream.Ask(call, stop))
        {
            foreach (var chunk in answer.Take(piece))
                await events.WriteAsync(new Wrote(chunk), stop);
        }

        return ModelCallResults.Of(call, answer, clock);
    }
}
