using Fleet.Contracts.Chat;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Chat;

/// <summary>
/// Looks at an upstream for the answer to a question that a former attempt asked: until it is there, or the upstream
/// knows nothing of it. An upstream that cannot say at the moment is asked again, less and less often.
/// </summary>
internal sealed class FormerTurn(Upstream upstream, TurnPulse pulse, WorkerSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _poll = TimeSpan.FromSeconds(settings.TurnPollSeconds);

    /// <summary>Null where there is no answer and will be none.</summary>
    /// <param name="asked">When it was asked.</param>
    /// <exception cref="UpstreamException">The upstream refuses to say.</exception>
    public async Task<FormerAnswerFound?> Find(TurnSpec turn, DateTimeOffset asked, CancellationToken stop)
    {
        var believedFrom = asked + TimeSpan.FromSeconds(settings.TurnDoubtSeconds);
        var pause = _poll;
        while (true)
        {
            var former = await Look(turn, stop);
            if (former is FormerAnswerFound found)
                return found;
            if (former == FormerAnswer.Gone || (former == FormerAnswer.Unknown && clock.GetUtcNow() >= believedFrom))
                return null;
            pause = former is not null ? _poll : pause * 2 < _longestPause ? pause * 2 : _longestPause;
            await pulse.WaitFor(Task.Delay(pause, clock, stop), stop);
        }
    }

    /// <summary>Null where the upstream cannot say at the moment.</summary>
    private async Task<FormerAnswer?> Look(TurnSpec turn, CancellationToken stop)
    {
        try
        {
            return await pulse.WaitFor(upstream.Find(turn, stop), stop);
        }
        catch (UpstreamException hiccup) when (hiccup is { IsFinal: false, Code: not UpstreamException.DeniedCode })
        {
            return null;
        }
    }
}
