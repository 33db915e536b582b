using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>
/// Has all agents that are on look what their upstreams have. Whoever misses a model while a search is under way waits
/// for the end of that one. The answers are read from the database, whichever Control took them.
/// </summary>
internal sealed class ModelSearch(
    AgentStore agents,
    UpstreamStore upstreams,
    IAgentChannel channel,
    DispatchSettings settings,
    TimeProvider clock,
    ILogger<ModelSearch> logger)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private Task _underWay = Task.CompletedTask;

    public Task Run(CancellationToken stop)
    {
        lock (_gate)
        {
            if (_underWay.IsCompleted)
                _underWay = Task.Run(Search, CancellationToken.None);
            return _underWay.WaitAsync(stop);
        }
    }

    private async Task Search()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(settings.ModelSearchSeconds), clock);
        try
        {
            var ask = Guid.CreateVersion7();
            var asked = await agents.WithUpstreams(patience.Token);
            await Task.WhenAll(asked.Select(agent => Ask(agent, ask, patience.Token)));
            while (await upstreams.CountAnswers(ask, asked, patience.Token) < asked.Length)
                await Task.Delay(Glance, clock, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            // what has not answered by now is not waited for
        }
    }

    /// <summary>One that cannot be asked holds up the others no longer than the search may take.</summary>
    private async Task Ask(string agent, Guid ask, CancellationToken stop)
    {
        try
        {
            await channel.Tell(agent, new LookAgain(ask), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            AgentLog.NotAsked(logger, agent, failure.Message);
        }
    }
}
