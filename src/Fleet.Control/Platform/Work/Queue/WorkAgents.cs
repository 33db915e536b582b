using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Work.Queue;

/// <summary>Which agents could run a piece of work, and which of them are there.</summary>
internal sealed class WorkAgents(IAgentDirectory agents)
{
    /// <summary>Of the work that is to be skipped then, what no agent could start now.</summary>
    public async Task<IReadOnlySet<Guid>> Skipped(IReadOnlyList<SubmitWork> work, CancellationToken stop)
    {
        var skipping = work.Where(one => one.Terms?.Offline == OfflineTerms.Skip).ToList();
        if (skipping.Count == 0)
            return new HashSet<Guid>();
        var standing = await agents.Standing(stop);
        return skipping.Where(one => IsAway(DemandOf(one), standing)).Select(one => one.WorkId).ToHashSet();
    }

    /// <summary>Whether there is such an agent for the caller: one that takes its tenant's work.</summary>
    public async Task<bool> Knows(Caller caller, string agent, CancellationToken stop) =>
        (await agents.Standing(stop)).Any(
            one => one.Name == agent && (caller.Tenant == Tenants.Default || one.Serves(caller.Tenant)));

    public Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop) => agents.Standing(stop);

    /// <summary>Of these demands, those that are the agent's by name, or that no other could serve.</summary>
    public static IEnumerable<string> OnlyFor(
        string agent, IEnumerable<DemandClass> demands, IReadOnlyList<AgentStanding> standing) =>
        from demand in demands
        where demand.Agent == agent
            || standing.Where(one => MayServe(one, demand)).Select(one => one.Name).ToArray() is [var only] && only == agent
        select demand.Key;

    public static bool MayServe(AgentStanding agent, DemandClass demand) =>
        !agent.IsRevoked && demand.Accepts(agent) && agent.MayBeAbleTo(demand.Capability);

    /// <summary>Whether none of those that could serve the demand is on.</summary>
    public static bool IsAway(DemandClass demand, IReadOnlyList<AgentStanding> standing) =>
        !standing.Any(agent => agent.IsOn && MayServe(agent, demand));

    private static DemandClass DemandOf(SubmitWork work) => new(
        "", work.Kind, work.Capability ?? work.Kind, work.Target.Agent, work.Target.Labels, ModelName.ShortOfAny(work.Model),
        work.Upstream, work.Tenant);
}

/// <summary>What becomes of work while its agents are away.</summary>
internal static class OfflineTerms
{
    public const string Wait = "wait";
    public const string Skip = "skip";
    public const string Newest = "newest";

    public static IReadOnlyList<string> All { get; } = [Wait, Skip, Newest];
}
