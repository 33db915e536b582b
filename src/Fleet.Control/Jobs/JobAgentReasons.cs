using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Jobs;

/// <summary>Why no agent takes a job: the first of the causes that stands in the way of all of them.</summary>
internal static class JobAgentReasons
{
    public static JobReasonView? Of(WorkLane lane, IReadOnlyList<AgentStanding> agents, IReadOnlyList<JobInHand> inHand, string tenant)
    {
        var fitting = agents.Where(agent => lane.Accepts(agent.Name, agent.Labels)).ToList();
        if (fitting.Count == 0)
            return NobodyFits(lane, agents);
        var let = fitting.Where(agent => !agent.IsRevoked).ToList();
        if (let.Count == 0)
            return About("agent_revoked", "is revoked", fitting);
        var able = let.Where(agent => agent.MayBeAbleTo(lane.Capability)).ToList();
        if (able.Count == 0)
            return About("no_capability", $"has no slots for jobs of the kind {lane.Capability}", let);
        var on = able.Where(agent => agent.IsOn).ToList();
        if (on.Count == 0)
            return About("agent_offline", "is offline", able) with { At = able.Max(agent => agent.HeardAt) };
        var taking = on.Where(agent => !agent.IsDraining).ToList();
        if (taking.Count == 0)
            return About("agent_draining", "finishes what it has and takes nothing new", on);
        return lane.Model is null ? Busy(lane, taking, inHand, tenant) : JobModelReasons.Of(lane, taking, inHand, tenant);
    }

    private static JobReasonView NobodyFits(WorkLane lane, IReadOnlyList<AgentStanding> agents)
    {
        if (lane.Agent is { } name && agents.All(agent => agent.Name != name))
            return new JobReasonView("agent_unknown", $"There is no agent {name}.", Agents: [name]);
        var asked = agents.Where(agent => lane.Agent is null || agent.Name == lane.Agent).ToList();
        var missing = lane.Labels
            .Where(label => !asked.Any(agent => agent.Labels.GetValueOrDefault(label.Key) == label.Value)).ToDictionary();
        var sentence = missing.Count > 0
            ? $"No agent has {string.Join(", ", missing.Select(label => $"{label.Key}={label.Value}"))}."
            : "Each of the labels is had by an agent, but no agent has all of them.";
        return asked.Count == 0
            ? new JobReasonView("no_agents", "There is no agent yet.")
            : new JobReasonView("no_agent_with_labels", sentence, Labels: missing.Count > 0 ? missing : lane.Labels);
    }

    private static JobReasonView? Busy(
        WorkLane lane, List<AgentStanding> agents, IReadOnlyList<JobInHand> inHand, string tenant)
    {
        var holders = inHand.Where(job => job.Capability == lane.Capability).ToLookup(job => job.Agent);
        if (agents.Any(agent => holders[agent.Name].Count() < agent.Slots.GetValueOrDefault(lane.Capability)))
            return null;
        var busy = agents.SelectMany(agent => holders[agent.Name]).ToList();
        return About("slots_busy", $"has every slot for {lane.Capability} in use", agents) with
        {
            Jobs = JobReasonView.Name(busy.Where(job => job.Tenant == tenant).Select(job => job.Id)),
            Count = busy.Count,
        };
    }

    private static JobReasonView About(string code, string what, List<AgentStanding> agents) => new(
        code,
        agents.Count == 1 ? $"Agent {agents[0].Name} {what}." : $"Every agent that could take it {what}.",
        Agents: [.. agents.Take(JobReasonView.MostNamed).Select(agent => agent.Name)]);
}
