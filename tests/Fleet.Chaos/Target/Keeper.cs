using System.Collections.Concurrent;
using Fleet.Chaos.Output;

namespace Fleet.Chaos.Target;

/// <summary>
/// What systemd is elsewhere: starts again what ended, unless a fault holds it down. A process is in one hand at a
/// time.
/// </summary>
internal sealed class Keeper(Processes processes, Scripts scripts, RunLog log)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _hands = [];
    private readonly ConcurrentDictionary<string, int> _ended = [];

    /// <summary>Process to how often it ended without a fault having ended it.</summary>
    public IReadOnlyDictionary<string, int> EndedByThemselves => _ended;

    /// <summary>Keeps everybody else's hands off a process until the result is disposed of.</summary>
    public async Task<IDisposable> Hold(string name)
    {
        var hand = Hand(name);
        await hand.WaitAsync();
        return new Release(hand);
    }

    /// <summary>Starts a process again that its holder has ended, and does not give up before it is ready.</summary>
    public async Task Restart(string name, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                await scripts.Restart(name);
                return;
            }
            catch (InvalidOperationException failure) when (!stop.IsCancellationRequested)
            {
                log.Say($"{name} did not start: {failure.Message.Split('\n')[0]}");
                await Task.Delay(PauseAfterFailure, stop);
            }
        }
    }

    public async Task Watch(CancellationToken stop)
    {
        var restarts = new List<Task>();
        while (!stop.IsCancellationRequested)
        {
            restarts.RemoveAll(restart => restart.IsCompletedSuccessfully);
            restarts.AddRange(processes.Names.All
                .Where(name => !processes.IsAlive(name) && Hand(name).Wait(0, CancellationToken.None))
                .Select(name => Raise(name, stop)));
            await Task.Delay(Glance, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(restarts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Raise(string name, CancellationToken stop)
    {
        using var hand = new Release(Hand(name));
        if (processes.IsAlive(name))
            return;
        _ended.AddOrUpdate(name, 1, (_, before) => before + 1);
        log.Say($"{name} ended and is started again");
        await Restart(name, stop);
    }

    private SemaphoreSlim Hand(string name) => _hands.GetOrAdd(name, _ => new SemaphoreSlim(1));

    private sealed class Release(SemaphoreSlim hand) : IDisposable
    {
        private SemaphoreSlim? _hand = hand;

        public void Dispose() => Interlocked.Exchange(ref _hand, null)?.Release();
    }
}
