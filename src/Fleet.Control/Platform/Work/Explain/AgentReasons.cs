using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>Why no agent takes work: the first of the causes that stands in the way of all of them.</summary>
internal static class AgentReasons
{
    public static ReasonView? Of(DemandClass demand, IReadOnlyList<AgentStanding> agents, IReadOnlyList<WorkInHand> inHand, WorkRow work)
    {
        var serving = agents.Where(agent => demand.IsServedBy(agent.Tenants)).ToList();
        var fitting = serving.Where(demand.Accepts).ToList();
        if (fitting.Count == 0)
            return NobodyFits(demand, serving); // whoever serves others only is not there for this tenant
        var let = fitting.Where(agent => !agent.IsRevoked).ToList();
        if (let.Count == 0)
            return About("agent_revoked", "is revoked", fitting);
        var able = let.Where(agent => agent.MayBeAbleTo(demand.Capability)).ToList();
        if (able.Count == 0)
            return About("no_capability", $"has no slots for {work.Family}s of the kind {demand.Capability}", let);
        var on = able.Where(agent => agent.IsOn).ToList();
        if (on.Count == 0)
            return About("agent_offline", "is offline", able) with { At = able.Max(agent => agent.HeardAt) };
        var taking = on.Where(agent => !agent.IsDraining).ToList();
        if (taking.Count == 0)
            return About("agent_draining", "finishes what it has and takes nothing new", on);
        return demand.Model is null ? Busy(demand, taking, inHand, work.Tenant) : ModelReasons.Of(demand, taking, inHand, work.Tenant);
    }

    private static ReasonView NobodyFits(DemandClass demand, IReadOnlyList<AgentStanding> agents)
    {
        if (demand.Agent is { } name && agents.All(agent => agent.Name != name))
            return new ReasonView("agent_unknown", $"There is no agent {name}.", Agents: [name]);
        var asked = agents.Where(agent => demand.Agent is null || agent.Name == demand.Agent).ToList();
        var missing = demand.Labels
            .Where(label => !asked.Any(agent => agent.Labels.GetValueOrDefault(label.Key) == label.Value)).ToDictionary();
        var sentence = missing.Count > 0
            ? $"No agent has {string.Join(", ", missing.Select(label => $"{label.Key}={label.Value}"))}."
            : "Each of the labels is had by an agent, but no agent has all of them.";
        return asked.Count == 0
            ? new ReasonView("no_agents", "There is no agent yet.")
            : new ReasonView("no_agent_with_labels", sentence, Labels: missing.Count > 0 ? missing : demand.Labels);
    }

    private static ReasonView? Busy(
        DemandClass demand, List<AgentStanding> agents, IReadOnlyList<WorkInHand> inHand, string tenant)
    {
        var holders = inHand.Where(work => work.Capability == demand.Capability).ToLookup(work => work.Agent);
        if (agents.Any(agent => holders[agent.Name].Count() < agent.Slots.GetValueOrDefault(demand.Capability)))
            return null;
        var busy = agents.SelectMany(agent => holders[agent.Name]).ToList();
        return About("slots_busy", $"has every slot for {demand.Capability} in use", agents) with
        {
            Jobs = ReasonView.Name(busy.Where(work => work.Tenant == tenant).Select(work => work.Id)),
            Count = busy.Count,
        };
    }

    private static ReasonView About(string code, string what, List<AgentStanding> agents) => new(
        code,
        agents.Count == 1 ? $"Agent {agents[0].Name} {what}." : $"Every agent that could take it {what}.",
        Agents: [.. agents.Take(ReasonView.MostNamed).Select(agent => agent.Name)]);
}
