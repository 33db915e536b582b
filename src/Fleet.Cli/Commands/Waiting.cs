using Fleet.Client;
using Fleet.Client.Work;

namespace Fleet.Cli.Commands;

/// <summary>Why work that is followed has not begun, said to people who look.</summary>
internal sealed class Waiting : IAsyncDisposable
{
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Session _session;
    private readonly CancellationTokenSource _over;
    private readonly Task _looking;

    /// <param name="explain">Asks the fleet.</param>
    public Waiting(Session session, Func<CancellationToken, Task<Explanation>> explain, CancellationToken stop)
    {
        _session = session;
        _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _looking = session.Terminal.ErrorIsTerminal ? Look(explain) : Task.CompletedTask;
    }

    /// <summary>It has begun, or nobody follows it any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _looking;
        _over.Dispose();
    }

    private async Task Look(Func<CancellationToken, Task<Explanation>> explain)
    {
        var said = "";
        try
        {
            for (var pause = FirstLook; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            {
                await Task.Delay(pause, _session.Terminal.Clock, _over.Token);
                var now = await explain(_over.Token);
                if (now.State != "queued")
                    return;
                if (string.Join(' ', now.Reasons.Select(reason => reason.Message)) is { Length: > 0 } why && why != said)
                    _session.Remark($"It waits: {said = why}");
            }
        }
        catch (Exception over) when (over is FleetException or FleetUnreachableException || _over.IsCancellationRequested)
        {
            // A remark is all that is missing.
        }
    }
}
