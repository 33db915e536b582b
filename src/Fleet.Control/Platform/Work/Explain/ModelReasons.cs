using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Work.Explain;

/// <summary>Why none of the agents that take work gives a model call to one of its upstreams.</summary>
internal static class ModelReasons
{
    public static ReasonView? Of(
        DemandClass demand, IReadOnlyList<AgentStanding> agents, IReadOnlyList<WorkInHand> inHand, string tenant)
    {
        var having = Having(agents, upstream => upstream.Has(demand));
        if (having.Count == 0)
        {
            return About(
                "no_model", $"No agent that could take it has {Wanted(demand)}.", agents.Select(agent => agent.Name));
        }

        var serving = Having(agents, upstream => upstream.Serves(demand));
        if (serving.Count == 0)
        {
            return About(
                "upstream_unreachable",
                $"{Every(demand)} cannot be reached at the moment.",
                having.Select(place => place.Agent));
        }

        var holders = inHand.Where(work => work.Capability == demand.Capability).ToLookup(work => (work.Agent, work.Upstream));
        var held = serving.ConvertAll(place => holders[(place.Agent, place.Upstream.Name)].ToList());
        if (serving.Zip(held).Any(place => place.Second.Count < place.First.Upstream.SlotsFor(demand.Capability)))
            return null;
        var busy = held.SelectMany(jobs => jobs).ToList();
        return About("model_busy", Sentence(demand, busy), serving.Select(place => place.Agent)) with
        {
            Jobs = ReasonView.Name(busy.Where(work => work.Tenant == tenant).Select(work => work.Id)),
            Count = busy.Count,
        };
    }

    private static string Sentence(DemandClass demand, List<WorkInHand> busy)
    {
        var others = busy.Select(work => work.Model).OfType<string>()
            .Where(model => model != demand.Model).Distinct().Take(3).ToList();
        return others.Count == 0
            ? $"{Every(demand)} is busy with it."
            : $"{Every(demand)} is busy, also with {string.Join(", ", others)}.";
    }

    private static string Wanted(DemandClass demand) => (demand.Model, demand.Place) switch
    {
        ({ } model, null) => $"the model {model}",
        ("", { } place) => UpstreamPlace.Describe(place),
        ({ } model, { } place) => $"the model {model} on {UpstreamPlace.Describe(place)}",
        _ => "a model",
    };

    private static string Every(DemandClass demand) => $"Every upstream that has {Wanted(demand)}";

    private static List<(string Agent, ReadyUpstream Upstream)> Having(
        IReadOnlyList<AgentStanding> agents, Func<ReadyUpstream, bool> which) =>
        [.. agents.SelectMany(agent => (agent.Upstreams ?? []).Where(which).Select(upstream => (agent.Name, upstream)))];

    private static ReasonView About(string code, string sentence, IEnumerable<string> agents) =>
        new(code, sentence, Agents: [.. agents.Distinct().Take(ReasonView.MostNamed)]);
}
