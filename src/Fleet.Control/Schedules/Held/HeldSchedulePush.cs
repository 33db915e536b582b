using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Schedules.Held;

/// <summary>
/// Tells agents that are on of schedules that changed: right after the change, and again while what they confirmed is something
/// else. Agents that come are told by whoever welcomes them.
/// </summary>
internal sealed class HeldSchedulePush(
    HeldScheduleStore store,
    IAgentDirectory directory,
    IAgentChannel agents,
    Leadership leadership,
    TimeProvider clock,
    ILogger<HeldSchedulePush> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(30), clock)
{
    /// <summary>Something changed about what this agent holds.</summary>
    /// <param name="agent">Null where nobody holds the schedule.</param>
    public async Task Changed(string? agent, CancellationToken stop)
    {
        if (agent is null)
            return;
        try
        {
            if ((await Reached(stop)).Contains(agent))
                await agents.Tell(agent, HeldScheduleStore.Wanted(await store.Rows(agent, stop)), stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            ScheduleLog.NotTold(logger, agent, failure.Message); // the next round says it again
        }
    }

    protected override async Task Round(CancellationToken stop)
    {
        foreach (var agent in await store.Drifting(stop))
            await Changed(agent, stop);
    }

    /// <summary>Agents that are on and understand what they are told; one that comes is told at its hello.</summary>
    private async Task<HashSet<string>> Reached(CancellationToken stop) =>
    [
        .. from agent in await directory.Standing(stop)
           where agent.IsOn && !agent.IsRevoked && AgentChannel.IsSocket(agent.Labels)
           select agent.Name,
    ];

    protected override void RoundFailed(Exception failure) => ScheduleLog.DriftNotSeen(logger, failure.Message);
}
