using Fleet.Contracts.Agents;
using Fleet.Worker.Platform.Leases;

namespace Fleet.Worker.Platform.Sessions;

/// <summary>One run of this process: what is said to another session is not meant for it.</summary>
internal sealed class AgentSession(WorkerSettings settings, Lease lease, TimeProvider clock)
{
    /// <summary>Both buses lose their connections at once: one registration serves both.</summary>
    private static readonly TimeSpan _freshness = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource<AgentWelcome> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AgentWelcome? _welcome;
    private volatile bool _closing;
    private long _welcomedAt;

    public string Agent { get; } = settings.Name;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>How long what is in hand is this agent's.</summary>
    public Lease Lease => lease;

    /// <summary>Control must hear (again) that this agent is here: it may have to bind its exchange again.</summary>
    public Signal RegistrationDue { get; } = new();

    /// <summary>The next heartbeat is to go out now.</summary>
    public Signal BeatDue { get; } = new();

    /// <summary>Completes with the first welcome; before that nobody listens to reports.</summary>
    public Task Known => _known.Task;

    /// <summary>The latest answer of Control.</summary>
    public AgentWelcome Welcome => _welcome ?? throw new InvalidOperationException("Control has not answered yet.");

    /// <summary>Nothing starts any more: this process is on its way out.</summary>
    public bool IsClosing => _closing;

    /// <param name="asked">When the registration was sent: see <see cref="Lease.Now"/>.</param>
    public void Enter(AgentWelcome welcome, long asked)
    {
        lock (_gate)
        {
            _welcome = welcome;
            _welcomedAt = clock.GetTimestamp();
            _next.SetResult(welcome);
            _next = new TaskCompletionSource<AgentWelcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Lease.Begin(TimeSpan.FromSeconds(welcome.LeaseSeconds), TimeSpan.FromSeconds(welcome.AcceptanceSeconds), asked);
        _known.TrySetResult();
        BeatDue.Raise();
    }

    /// <summary>From now on beats say that this process is closing.</summary>
    public void Close()
    {
        _closing = true;
        BeatDue.Raise();
    }

    /// <summary>A welcome of this very moment: registers again unless that has just happened.</summary>
    public Task<AgentWelcome> Renewed()
    {
        lock (_gate)
        {
            if (_welcome is { } welcome && clock.GetElapsedTime(_welcomedAt) < _freshness)
                return Task.FromResult(welcome);
            RegistrationDue.Raise();
            return _next.Task;
        }
    }
}
