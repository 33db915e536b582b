using System.Threading.Channels;
using Fleet.Contracts.Chat;
using Fleet.Worker.Attempts;
using Fleet.Worker.Attempts.Calls;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Chat;

/// <summary>
/// Has an upstream answer a question, and shows all the while that the attempt lives. The answer to a question that was
/// asked before is looked for first.
/// </summary>
internal sealed class TurnExecutor(UpstreamRegistry upstreams, WorkerSettings settings, TimeProvider clock) : IExecutor
{
    public string Kind => TurnSpec.Kind;

    public IAsyncEnumerable<AttemptEvent> Run(AttemptContext attempt)
    {
        var turn = attempt.Spec<TurnSpec>();
        return AttemptEventStream.Of(attempt.Stop, events => UpstreamCall.Perform(
            attempt, clock, stop => Answer(turn, attempt.Upstream, events, stop)));
    }

    private async Task<string> Answer(
        TurnSpec turn, string? name, ChannelWriter<AttemptEvent> events, CancellationToken stop)
    {
        var upstream = upstreams.Get(name, turn.Model);
        var output = new TurnOutput(events, clock);
        var pulse = new TurnPulse(output, settings, clock);
        var answer = new TurnAnswer(new GatheredAnswer(upstream.Name, settings.MaxAnswerBytes, clock), output);
        var former = turn.AskedBefore is { } asked
            ? await new FormerTurn(upstream, pulse, settings, clock).Find(turn, asked, stop)
            : null;
        if (former is not null)
            await answer.Recover(former, stop);
        else if (turn is { AskedBefore: not null, AskAgain: false })
            throw UpstreamException.Lost(upstream.Name);
        else
            turn = await Ask(upstream, turn, answer, pulse, stop);
        return answer.ToJson(turn.Model);
    }

    private static async Task<TurnSpec> Ask(
        Upstream upstream, TurnSpec turn, TurnAnswer answer, TurnPulse pulse, CancellationToken stop)
    {
        turn = turn with { Model = turn.Model ?? await upstream.AnyModel(stop) };
        await foreach (var piece in pulse.Follow(upstream.Name, over => upstream.Ask(turn, over), stop))
            await answer.Take(piece, stop);
        return turn;
    }
}
