using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Tests.Platform.Support;

/// <summary>Agents that a test makes up.</summary>
internal sealed class TestAgents : IAgentDirectory
{
    private readonly List<ReadyAgent> _agents = [];

    /// <summary>Thrown instead of an answer, while there is one.</summary>
    public Exception? Trouble { get; set; }

    /// <summary>Runs before each answer.</summary>
    public Func<Task> BeforeAnswer { get; set; } = () => Task.CompletedTask;

    public int Asked { get; private set; }

    public ReadyAgent Add(string name, int slots, params (string Name, string Value)[] labels)
    {
        var agent = new ReadyAgent(
            name,
            Guid.CreateVersion7(),
            new Dictionary<string, int> { ["noop"] = slots },
            labels.ToDictionary(label => label.Name, label => label.Value));
        _agents.Add(agent);
        return agent;
    }

    public void Install(IServiceCollection services) => services.AddSingleton<IAgentDirectory>(this);

    public async Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop)
    {
        Asked++;
        await BeforeAnswer();
        return Trouble is null ? [.. _agents] : throw Trouble;
    }

    public Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop) =>
        throw new NotSupportedException("Nobody here looks at leases.");

    public Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop) =>
        throw new NotSupportedException("Nobody here explains.");

    public Task<IReadOnlyList<string>> OnBus(CancellationToken stop) =>
        throw new NotSupportedException("Nobody here reads a broker.");

    public Task<bool> IsSession(string agent, Guid session, CancellationToken stop) =>
        throw new NotSupportedException("Nobody here reports.");
}
