using Fleet.Worker.Platform.InHand;
using Fleet.Worker.Platform.Processes;
using Fleet.Worker.Platform.Sessions;

namespace Fleet.Worker.Platform.Leases;

/// <summary>
/// Ends what is in hand when the lease is over, before Control may give it to others. It has a thread of its own: after
/// this process was stopped for a while, that thread kills as soon as it runs again, and within a quarter of a second
/// whatever started at that very moment. While this process itself does not run, the <see cref="LeaseGuard"/> does.
/// </summary>
internal sealed class LeaseKeeper(
    AgentSession session, WorkInHand work, LeaseGuard guard, ILogger<LeaseKeeper> log) : IHostedService, IDisposable
{
    private const int SmallStack = 256 * 1024;

    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(250);

    private readonly ManualResetEvent _stopped = new(false);
    private readonly Lock _guarding = new();
    private bool _wasHeld;
    private int _term;

    /// <summary>
    /// Call it when an attempt is in hand and before its process starts: that could be the very moment in which this
    /// process is stopped.
    /// </summary>
    /// <returns>False when the lease is over: nothing may start.</returns>
    public bool Cover()
    {
        lock (_guarding)
        {
            if (!guard.IsArmed)
                TellGuard(work.All());
        }

        return session.Lease.IsHeld;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        new Thread(Serve, SmallStack) { IsBackground = true, Name = "lease" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _stopped.Set();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _stopped.Set();
        guard.Dispose();
    }

    /// <summary>Looks once.</summary>
    internal void Look()
    {
        var attempts = work.All();
        var (isHeld, term) = (session.Lease.IsHeld, session.Lease.Term);
        KillExpired([.. attempts.Where(attempt => !isHeld || attempt.Term != term)]);
        if ((_wasHeld && !isHeld) || term != _term)
            Tell(attempts.Count);
        (_wasHeld, _term) = (isHeld, term);
        lock (_guarding)
        {
            if (work.All() is { Count: > 0 } inHand)
                TellGuard(inHand);
            else
                guard.Rest();
        }
    }

    private void TellGuard(IReadOnlyList<AttemptInWork> attempts) => guard.Keep(
        [.. attempts.Select(attempt => attempt.Child).OfType<ChildMark>()],
        session.Lease.Left + (session.Lease.Margin / 2));

    private void Serve()
    {
        do
            Look();
        while (!_stopped.WaitOne(_tick));
    }

    /// <summary>The processes first: the rest is bookkeeping.</summary>
    private static void KillExpired(IReadOnlyList<AttemptInWork> attempts)
    {
        foreach (var attempt in attempts)
            attempt.Child?.Kill();
        foreach (var attempt in attempts)
        {
            attempt.Stop.Ask(StopReason.LeaseLost, TimeSpan.Zero);
            attempt.Stop.Hurry();
        }
    }

    private void Tell(int attempts)
    {
        log.LeaseOver(attempts);
        session.RegistrationDue.Raise(); // Control may have forgotten this agent
    }
}
