using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>The models of all agents that are on.</summary>
internal sealed class ModelDirectory(AgentStore agents, ModelSearch search) : IModelDirectory
{
    public async Task<IReadOnlyList<KnownModel>> List(CancellationToken stop)
    {
        var found = from agent in await agents.Upstreams(stop)
                    from upstream in agent.Upstreams
                    from model in upstream.Models
                    select (agent.Name, Upstream: upstream, Model: model);
        return
        [
            .. found.GroupBy(one => one.Model.Name)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => Of(group.Key, [.. group])),
        ];
    }

    public async Task<KnownModel?> Find(string model, CancellationToken stop)
    {
        if (await FindKnown(model, stop) is { } known)
            return known;
        await search.Run(stop);
        return await FindKnown(model, stop);
    }

    private async Task<KnownModel?> FindKnown(string model, CancellationToken stop)
    {
        var all = await List(stop);
        return all.FirstOrDefault(known => known.Name == model)
            ?? all.FirstOrDefault(known => ModelName.Short(known.Name) == ModelName.Short(model));
    }

    /// <summary>Where several differ, the first that is reachable speaks for all.</summary>
    private static KnownModel Of(string name, List<(string Agent, UpstreamReport Upstream, UpstreamModel Model)> found)
    {
        var model = (found.FindIndex(one => one.Upstream.IsReachable) is >= 0 and var at ? found[at] : found[0]).Model;
        return new KnownModel(
            name,
            [.. found.Select(one => one.Agent).Distinct()],
            model.ModifiedAt,
            model.Size,
            model.Digest,
            model.DetailsJson,
            found.Exists(one => one.Upstream.Loaded.Contains(name)),
            found.Max(one => one.Upstream.LoadedUntil?.TryGetValue(name, out var until) == true ? until : (DateTimeOffset?)null),
            model.Capabilities);
    }
}
