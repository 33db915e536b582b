namespace Fleet.Control.Platform.Outbox;

/// <summary>When the sweep has to look again: at the next timer this process knows of.</summary>
internal sealed class OutboxTimers(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _sooner = new(0, 1);
    private readonly Lock _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MaxValue;

    /// <summary>Something will be due after this time.</summary>
    public void Expect(TimeSpan delay)
    {
        var at = clock.GetUtcNow() + delay;
        lock (_gate)
        {
            if (at >= _next)
                return;
            _next = at;
        }

        if (_sooner.CurrentCount == 0)
        {
            try
            {
                _sooner.Release();
            }
            catch (SemaphoreFullException)
            {
                // somebody else woke the sweep
            }
        }
    }

    /// <summary>
    /// Returns when a timer is due, and after two seconds at the latest: other processes set timers too.
    /// </summary>
    public async Task Wait(CancellationToken stop)
    {
        while (true)
        {
            TimeSpan pause;
            lock (_gate)
                pause = _next == DateTimeOffset.MaxValue ? Longest : _next - clock.GetUtcNow();
            if (pause <= TimeSpan.Zero || !await _sooner.WaitAsync(pause < Longest ? pause : Longest, stop))
                break;
        }

        lock (_gate)
            _next = DateTimeOffset.MaxValue;
    }

    public void Dispose() => _sooner.Dispose();
}
