using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Platform.Models;

/// <summary>Which upstream a model call is given to.</summary>
internal static class ModelPlaces
{
    private const int NotItsTurn = -1;
    private const int Cold = 0;
    private const int Empty = 1;
    private const int Warm = 2;

    /// <summary>
    /// Of those with a free slot whose turn it is: one that has the model in memory, else one that has nothing there,
    /// and of several the one with the most room. Embeddings only look for room.
    /// </summary>
    public static (ReadyAgent Agent, ReadyUpstream Upstream)? Best(
        IEnumerable<ReadyAgent> agents,
        DemandClass demand,
        Func<ReadyAgent, ReadyUpstream, DemandClass, int> free,
        ModelResidency turns,
        bool onlyWarm)
    {
        (ReadyAgent Agent, ReadyUpstream Upstream)? best = null;
        var bestFit = (Warmth: -1, Room: 0);
        foreach (var agent in agents.Where(demand.Accepts))
        {
            foreach (var upstream in (agent.Upstreams ?? []).Where(upstream => upstream.Serves(demand)))
            {
                var room = free(agent, upstream, demand);
                if (room <= 0)
                    continue;
                var warmth = demand.Capability == ReadyUpstream.Generation ? Warmth(agent, upstream, demand.Model!, turns) : Warm;
                if (warmth < (onlyWarm ? Warm : Cold) || (warmth, room).CompareTo(bestFit) <= 0)
                    continue;
                (best, bestFit) = ((agent, upstream), (warmth, room));
            }
        }

        return best;
    }

    /// <summary>Whether some upstream could be given work of either demand.</summary>
    public static bool Any(IEnumerable<ReadyAgent> agents, DemandClass one, DemandClass other) => agents.Any(agent =>
        one.Accepts(agent) && other.Accepts(agent)
        && (agent.Upstreams ?? []).Any(upstream => upstream.Serves(one) && upstream.Serves(other)));

    private static int Warmth(ReadyAgent agent, ReadyUpstream upstream, string model, ModelResidency turns)
    {
        var place = new ModelPlace(agent.Name, upstream.Name);
        return !turns.IsTurnOf(place, upstream, agent, model) ? NotItsTurn
            : turns.IsWarm(place, upstream, model) ? Warm
            : turns.IsEmpty(place, upstream) ? Empty
            : Cold;
    }
}
