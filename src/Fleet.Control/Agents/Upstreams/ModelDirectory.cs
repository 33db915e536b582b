using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Agents.Upstreams;

/// <summary>The models of all agents that are on.</summary>
internal sealed class ModelDirectory(
    NpgsqlDataSource database, UpstreamStore upstreams, LeaseSettings settings, ModelSearch search) : IModelDirectory
{
    public async Task<IReadOnlyList<KnownModel>> List(string tenant, CancellationToken stop)
    {
        var found = from agent in await Told(tenant, stop)
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

    public async Task<KnownModel?> Find(string model, string tenant, CancellationToken stop)
    {
        if (await FindKnown(model, tenant, stop) is { } known)
            return known;
        await search.Run(stop);
        return await FindKnown(model, tenant, stop);
    }

    private async Task<KnownModel?> FindKnown(string model, string tenant, CancellationToken stop)
    {
        var all = await List(tenant, stop);
        return all.FirstOrDefault(known => known.Name == model)
            ?? all.FirstOrDefault(known => ModelName.Short(known.Name) == ModelName.Short(model));
    }

    /// <summary>Agents that are on, take the tenant's work and have told of upstreams, with what those have.</summary>
    private async Task<IReadOnlyList<(string Name, IReadOnlyList<UpstreamReport> Upstreams)>> Told(string tenant, CancellationToken stop)
    {
        var told = await database.Query(
            """
            select name, agents.session, number from agents
            join agent_inventories told on told.agent = agents.name and told.session = agents.session
            where coalesce(beat_at, session_at) > now() - $1 and not closing and revoked_at is null
                and (tenants = '{}' or $2 = any(tenants))
            """,
            row => (row.GetString(0), row.GetGuid(1), row.GetInt64(2)),
            stop,
            SqlValue.Of(TimeSpan.FromSeconds(settings.LeaseSeconds)),
            SqlValue.Of(tenant));
        return [.. (await upstreams.Of(told, stop)).Select(agent => (agent.Key, agent.Value.Reports))];
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
