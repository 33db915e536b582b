namespace Fleet.Control.Platform.Outbox;

/// <summary>
/// When the sweep has to look again: whenever a timer of this process is due, and every two seconds, since other
/// processes set timers too.
/// </summary>
internal sealed class OutboxTimers(TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>After so long a delay the next round is punctual enough.</summary>
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(1);

    /// <summary>Timers this close to each other are one look: many at once cost no more than a few.</summary>
    private static readonly TimeSpan Grain = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly SortedSet<DateTimeOffset> _expected = [];
    private TaskCompletionSource _sooner = NewSign();

    /// <summary>Something will be due after this time.</summary>
    public void Expect(TimeSpan delay)
    {
        if (delay > Horizon)
            return;
        var at = clock.GetUtcNow() + delay + Grain;
        at = at.AddTicks(-(at.Ticks % Grain.Ticks));
        lock (_gate)
        {
            if (_expected.Add(at) && _expected.Min == at)
                _sooner.TrySetResult();
        }
    }

    /// <summary>Returns when a timer is due, and after two seconds at the latest.</summary>
    public async Task Wait(CancellationToken stop)
    {
        var round = clock.GetUtcNow() + Longest;
        while (Left(round, out var sooner) is var left && left > TimeSpan.Zero)
        {
            await sooner.WaitAsync(left, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stop.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Time until the next timer or the round, whichever comes first. What is due is forgotten.</summary>
    /// <param name="sooner">Completes with every timer that is set from now on and comes before all others.</param>
    private TimeSpan Left(DateTimeOffset round, out Task sooner)
    {
        lock (_gate)
        {
            if (_sooner.Task.IsCompleted)
                _sooner = NewSign();
            sooner = _sooner.Task;
            var now = clock.GetUtcNow();
            var next = _expected.Count > 0 && _expected.Min < round ? _expected.Min : round;
            _expected.RemoveWhere(at => at <= now);
            return next - now;
        }
    }

    private static TaskCompletionSource NewSign() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
