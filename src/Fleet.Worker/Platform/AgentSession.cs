using Fleet.Contracts.Agents;

namespace Fleet.Worker.Platform;

/// <summary>One run of this process: what is said to another session is not meant for it.</summary>
internal sealed class AgentSession(WorkerSettings settings)
{
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile AgentWelcome? _welcome;

    public string Agent { get; } = settings.Name;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Control must hear (again) that this agent is here: it may have to bind its exchange again.</summary>
    public Signal RegistrationDue { get; } = new();

    /// <summary>The next heartbeat is to go out now.</summary>
    public Signal BeatDue { get; } = new();

    /// <summary>Completes with the first welcome; before that nobody listens to reports.</summary>
    public Task Known => _known.Task;

    /// <summary>The latest answer of Control.</summary>
    public AgentWelcome Welcome => _welcome ?? throw new InvalidOperationException("Control has not answered yet.");

    public void Enter(AgentWelcome welcome)
    {
        _welcome = welcome;
        _known.TrySetResult();
        BeatDue.Raise();
    }
}
