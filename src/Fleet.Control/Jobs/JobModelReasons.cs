using Fleet.Control.Platform.Dispatch;

namespace Fleet.Control.Jobs;

/// <summary>Why none of the agents that take work gives a model call to one of its upstreams.</summary>
internal static class JobModelReasons
{
    public static JobReasonView? Of(
        WorkLane lane, IReadOnlyList<AgentStanding> agents, IReadOnlyList<JobInHand> inHand, string tenant)
    {
        var having = Having(agents, upstream => upstream.Models.Contains(lane.Model!));
        if (having.Count == 0)
        {
            return About(
                "no_model", $"No agent that could take it has the model {lane.Model}.", agents.Select(agent => agent.Name));
        }

        var serving = Having(agents, upstream => upstream.Serves(lane));
        if (serving.Count == 0)
        {
            return About(
                "upstream_unreachable",
                $"No upstream that has the model {lane.Model} can be reached at the moment.",
                having.Select(place => place.Agent));
        }

        var holders = inHand.Where(job => job.Capability == lane.Capability).ToLookup(job => (job.Agent, job.Upstream));
        var held = serving.ConvertAll(place => holders[(place.Agent, place.Upstream.Name)].ToList());
        if (serving.Zip(held).Any(place => place.Second.Count < place.First.Upstream.SlotsFor(lane.Capability)))
            return null;
        var busy = held.SelectMany(jobs => jobs).ToList();
        return About("model_busy", Sentence(lane, busy), serving.Select(place => place.Agent)) with
        {
            Jobs = JobReasonView.Name(busy.Where(job => job.Tenant == tenant).Select(job => job.Id)),
            Count = busy.Count,
        };
    }

    private static string Sentence(WorkLane lane, List<JobInHand> busy)
    {
        var others = busy.Select(job => job.Model).OfType<string>()
            .Where(model => model != lane.Model).Distinct().Take(3).ToList();
        return others.Count == 0
            ? $"Every upstream that has the model {lane.Model} is busy with it."
            : $"Every upstream that has the model {lane.Model} is busy, also with {string.Join(", ", others)}.";
    }

    private static List<(string Agent, ReadyUpstream Upstream)> Having(
        IReadOnlyList<AgentStanding> agents, Func<ReadyUpstream, bool> which) =>
        [.. agents.SelectMany(agent => (agent.Upstreams ?? []).Where(which).Select(upstream => (agent.Name, upstream)))];

    private static JobReasonView About(string code, string sentence, IEnumerable<string> agents) =>
        new(code, sentence, Agents: [.. agents.Distinct().Take(JobReasonView.MostNamed)]);
}
