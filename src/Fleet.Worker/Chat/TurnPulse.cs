using System.Runtime.CompilerServices;
using Fleet.Contracts.Chat;
using Fleet.Worker.Platform.Upstreams;

namespace Fleet.Worker.Chat;

/// <summary>Waits for an upstream, but not for ever, and notes meanwhile that the attempt lives.</summary>
internal sealed class TurnPulse(TurnOutput output, WorkerSettings settings, TimeProvider clock)
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(settings.TurnBeatSeconds);

    /// <summary>The pieces of an answer, as they come; heartbeats of the upstream are pieces, and count.</summary>
    /// <param name="ask">Asks for it; cancelled, it hangs up.</param>
    /// <exception cref="UpstreamException">Nothing came for longer than may be.</exception>
    public async IAsyncEnumerable<ModelPiece> Follow(
        string upstream,
        Func<CancellationToken, IAsyncEnumerable<ModelPiece>> ask,
        [EnumeratorCancellation] CancellationToken stop)
    {
        var longest = TimeSpan.FromSeconds(settings.TurnSilenceSeconds);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var pieces = ask(over.Token).GetAsyncEnumerator(over.Token);
        while (true)
        {
            var next = pieces.MoveNextAsync().AsTask();
            try
            {
                if (!await Wait(next, longest, stop))
                    throw UpstreamException.Silent(upstream, longest);
            }
            finally
            {
                if (!next.IsCompleted)
                    await HangUp(over, next);
            }

            if (!await next)
                yield break;
            if (pieces.Current is InOnePiece whole)
                longest = whole.Longest;
            yield return pieces.Current;
        }
    }

    public async Task WaitFor(Task awaited, CancellationToken stop)
    {
        await Wait(awaited, TimeSpan.MaxValue, stop);
        await awaited;
    }

    /// <summary>What a task brings, however long it takes.</summary>
    public async Task<T> WaitFor<T>(Task<T> awaited, CancellationToken stop)
    {
        await Wait(awaited, TimeSpan.MaxValue, stop);
        return await awaited;
    }

    /// <summary>False when the task took longer than it may, and goes on.</summary>
    private async Task<bool> Wait(Task awaited, TimeSpan longest, CancellationToken stop)
    {
        var since = clock.GetTimestamp();
        while (!awaited.IsCompleted)
        {
            var left = longest - clock.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
                return false;
            var untilBeat = _interval - output.Quiet;
            if (untilBeat > TimeSpan.Zero)
                await Either(awaited, left < untilBeat ? left : untilBeat, stop);
            else
                await output.Note(new TurnNote(TurnNote.Heartbeat, output.ElapsedSeconds), stop);
        }

        return true;
    }

    /// <summary>Ends with the task, however that ends, and after this time at the latest; then no timer is left.</summary>
    private async Task Either(Task awaited, TimeSpan longest, CancellationToken stop)
    {
        using var alarm = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(awaited, Task.Delay(longest, clock, alarm.Token));
        await alarm.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private static async Task HangUp(CancellationTokenSource over, Task<bool> next)
    {
        await over.CancelAsync();
        await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
