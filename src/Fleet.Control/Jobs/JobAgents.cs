using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Jobs;

/// <summary>Which agents could run a job, and which of them are there.</summary>
internal sealed class JobAgents(IAgentDirectory agents)
{
    /// <summary>Of the jobs that are to be skipped then, those that no agent could start now.</summary>
    public async Task<IReadOnlySet<Guid>> Skipped(IReadOnlyList<SubmitJob> jobs, CancellationToken stop)
    {
        var skipping = jobs.Where(job => job.Terms?.Offline == "skip").ToList();
        if (skipping.Count == 0)
            return new HashSet<Guid>();
        var standing = await agents.Standing(stop);
        return skipping.Where(job => IsAway(LaneOf(job), standing)).Select(job => job.JobId).ToHashSet();
    }

    public Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop) => agents.Standing(stop);

    /// <summary>Of these lanes, those that are the agent's by name, or that no other could serve.</summary>
    public static IEnumerable<string> OnlyFor(
        string agent, IEnumerable<WorkLane> lanes, IReadOnlyList<AgentStanding> standing) =>
        from lane in lanes
        where lane.Agent == agent
            || standing.Where(one => MayServe(one, lane)).Select(one => one.Name).ToArray() is [var only] && only == agent
        select lane.Key;

    private static WorkLane LaneOf(SubmitJob job) =>
        new("", InferenceSpecs.CapabilityOf(job.Spec), job.Target.Agent, job.Target.Labels, InferenceSpecs.ModelOf(job.Spec));

    public static bool MayServe(AgentStanding agent, WorkLane lane) =>
        !agent.IsRevoked && lane.Accepts(agent.Name, agent.Labels) && agent.MayBeAbleTo(lane.Capability);

    /// <summary>Whether none of those that could serve the lane is on.</summary>
    public static bool IsAway(WorkLane lane, IReadOnlyList<AgentStanding> standing) =>
        !standing.Any(agent => agent.IsOn && MayServe(agent, lane));
}
