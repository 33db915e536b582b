using Fleet.Contracts.Jobs;
using Fleet.Control.Manifests.Groups;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Filters;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Which agents a target means, and why others are left out.</summary>
internal sealed class AgentChoice(IAgentDirectory agents, GroupStore groups)
{
    /// <param name="alsoGroups">Of waves: their agents belong to it too.</param>
    /// <exception cref="ProblemException">The target names what is not there, or nothing.</exception>
    public async Task<ChosenAgents> Choose(
        ExecutionTargetRequest target, IReadOnlyCollection<string> alsoGroups, string tenant, bool skipsOffline, CancellationToken stop)
    {
        var known = (await groups.List(tenant, null, null, stop)).ToDictionary(group => group.Name, group => group.Agents);
        string[] named = [.. (target.Groups ?? []).Select(name => name!), .. alsoGroups];
        var filter = target.Filter is { } text ? AgentFilter.Read(text, "target.filter") : null;
        var wanted = (target.Agents ?? []).Select(name => name!)
            .Concat(named.SelectMany(name => known.GetValueOrDefault(name) ?? [])).ToHashSet();
        var (chosen, left) = (new List<AgentStanding>(), new List<LeftOut>());
        var all = (await agents.Standing(stop)).Where(agent => agent.Serves(tenant)).ToList();
        foreach (var agent in all)
        {
            if (WhyNot(agent, target, wanted, filter, skipsOffline) is { } reason)
                left.Add(new LeftOut(agent.Name, reason));
            else
                chosen.Add(agent);
        }

        left.AddRange(wanted.Except(all.Select(agent => agent.Name)).Select(name => new LeftOut(name, "unknown")));
        left.AddRange(named.Distinct().Where(name => !known.ContainsKey(name))
            .Select(name => new LeftOut($"group {name}", "unknown_group")));
        return new ChosenAgents(
            [.. chosen.OrderBy(agent => agent.Name, StringComparer.Ordinal)],
            [.. left.OrderBy(one => one.Agent, StringComparer.Ordinal)],
            known);
    }

    private static string? WhyNot(
        AgentStanding agent, ExecutionTargetRequest target, HashSet<string> wanted, Filter? filter, bool skipsOffline) =>
        !IsMeant(agent, target, wanted, filter) ? "not_in_target"
        : agent.IsRevoked ? "revoked"
        : !agent.MayBeAbleTo(JobKinds.Command) ? "no_capability"
        : skipsOffline && !agent.IsOn ? "offline"
        : null;

    private static bool IsMeant(AgentStanding agent, ExecutionTargetRequest target, HashSet<string> wanted, Filter? filter) =>
        target.All
        || wanted.Contains(agent.Name)
        || (target.Labels is { Count: > 0 } labels && labels.All(label => agent.Labels.GetValueOrDefault(label.Key) == label.Value))
        || (filter is not null && AgentFilter.Chooses(filter, agent));
}

/// <param name="Groups">Every group of the tenant, with the names in it.</param>
internal sealed record ChosenAgents(
    IReadOnlyList<AgentStanding> Agents, IReadOnlyList<LeftOut> LeftOut, IReadOnlyDictionary<string, string[]> Groups);

/// <param name="Reason"><c>not_in_target revoked no_capability offline unknown unknown_group</c>.</param>
internal sealed record LeftOut(string Agent, string Reason);
