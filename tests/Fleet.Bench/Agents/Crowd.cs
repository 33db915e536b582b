using Fleet.Bench.Target;

namespace Fleet.Bench.Agents;

/// <summary>Many simulated agents, let in at the beginning and removed at the end.</summary>
internal sealed class Crowd(AgentDoor door, RabbitAddress rabbit, int size) : IAsyncDisposable
{
    /// <summary>The label by which jobs are meant for these agents.</summary>
    public const string Pool = "bench";

    private readonly CancellationTokenSource _over = new();
    private SimulatedAgent[] _agents = [];
    private Task _lives = Task.CompletedTask;

    /// <summary>The same in every run: an enrolment for its name lets a removed agent in again.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(1, size).Select(n => $"bench-{n:D4}")];

    /// <summary>Registrations that were tried, and those that were answered with a welcome.</summary>
    public (int Asked, int LetIn) Registrations => (_agents.Sum(agent => agent.Asked), _agents.Sum(agent => agent.LetIn));

    public async Task Enrol(CancellationToken stop)
    {
        var agents = new SimulatedAgent[Names.Count];
        await Together(async (n, cancel) =>
            agents[n] = new SimulatedAgent(door, rabbit, Names[n], Pool, await door.Enrol(Names[n], cancel)), stop);
        _agents = agents;
    }

    /// <summary>All of them at once, as after an outage of everything.</summary>
    public void Start() => _lives = Task.WhenAll(_agents.Select(agent => agent.Live(_over.Token)));

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _lives.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_agents.Length > 0)
            await Together((n, cancel) => new ValueTask(door.Remove(Names[n], cancel)), CancellationToken.None);
        _over.Dispose();
    }

    private Task Together(Func<int, CancellationToken, ValueTask> work, CancellationToken stop) => Parallel.ForAsync(
        0, Names.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stop }, work);
}
