using Fleet.Client;
using Fleet.Client.Events;
using Fleet.Console.Access;

namespace Fleet.Console.Live;

/// <summary>
/// All that changes, once for each key however many pages are open: whoever watches is told as long as he does. After a gap he is
/// told of a reset, and reads anew what he shows.
/// </summary>
internal sealed class ChangeRelay(FleetClients clients, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = [];

    /// <param name="told">Returns at once; must not throw.</param>
    public IDisposable Watch(string key, Action<FleetEvent> told)
    {
        lock (_gate)
        {
            if (!_lines.TryGetValue(key, out var line))
            {
                _lines[key] = line = new Line();
                _ = Follow(key, line);
            }

            line.Watchers = [.. line.Watchers, told];
            return new Watching(() => Leave(key, line, told));
        }
    }

    private void Leave(string key, Line line, Action<FleetEvent> told)
    {
        lock (_gate)
        {
            line.Watchers = [.. line.Watchers.Where(one => one != told)];
            if (line.Watchers.Length > 0 || !_lines.Remove(key))
                return;
        }

        line.Over.Cancel();
        line.Over.Dispose();
    }

    private async Task Follow(string key, Line line)
    {
        var stop = line.Over.Token;
        string? reached = null;
        using var client = clients.With(key);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await foreach (var happened in client.Events.Follow(after: reached, stop: stop))
                {
                    reached = happened.Id;
                    foreach (var told in line.Watchers)
                        told(happened);
                }
            }
            catch (Exception lost) when (lost is FleetException or FleetUnreachableException)
            {
                await Task.Delay(Pause, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>The stream of one key.</summary>
    private sealed class Line
    {
        public volatile Action<FleetEvent>[] Watchers = [];

        public CancellationTokenSource Over { get; } = new();
    }

    private sealed class Watching(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
