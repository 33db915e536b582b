using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Groups;

/// <summary>Groups of a tenant.</summary>
internal sealed class GroupStore(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    /// <summary>By name.</summary>
    public async Task<List<AgentGroup>> List(string tenant, string? after, int? most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<AgentGroup>().AsNoTracking()
            .Where(group => group.Tenant == tenant && (after == null || string.Compare(group.Name, after) > 0))
            .OrderBy(group => group.Name);
        return await (most is { } limit ? found.Take(limit) : found).ToListAsync(stop);
    }

    public async Task<AgentGroup?> Find(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentGroup>().AsNoTracking().SingleOrDefaultAsync(one => one.Tenant == tenant && one.Name == name, stop);
    }

    public async Task<AgentGroup> Put(string tenant, string name, string[] agents, string? description, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_groups (tenant, name, agents, description, updated_at)
            values ({tenant}, {name}, {agents}, {description}, {clock.Now})
            on conflict (tenant, name) do update
            set agents = excluded.agents, description = excluded.description, updated_at = excluded.updated_at
            """,
            stop);
        return (await Find(tenant, name, stop))!;
    }

    public async Task<bool> Remove(string tenant, string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentGroup>().Where(one => one.Tenant == tenant && one.Name == name).ExecuteDeleteAsync(stop) == 1;
    }

    /// <summary>Names of the groups that an agent is in.</summary>
    public async Task<string[]> Of(string tenant, string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentGroup>().AsNoTracking().Where(one => one.Tenant == tenant && one.Agents.Contains(agent))
            .OrderBy(one => one.Name).Select(one => one.Name).ToArrayAsync(stop);
    }

    /// <summary>From now on the agent is in these groups, and, where all is said, in no others.</summary>
    public async Task Join(string tenant, string agent, string[] groups, bool isAll, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (isAll)
            await Leave(db, tenant, agent, groups, isOthers: true, stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_groups (tenant, name, agents, updated_at)
            select {tenant}, name, array[{agent}], {clock.Now} from unnest({groups}) wanted(name) order by name
            on conflict (tenant, name) do update set agents = array_append(agent_groups.agents, {agent}), updated_at = excluded.updated_at
            where not {agent} = any(agent_groups.agents)
            """,
            stop);
        await transaction.CommitAsync(stop);
    }

    public async Task Leave(string tenant, string agent, string group, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await Leave(db, tenant, agent, [group], isOthers: false, stop);
    }

    private Task<int> Leave(
        FleetDbContext db, string tenant, string agent, string[] groups, bool isOthers, CancellationToken stop) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update agent_groups set agents = array_remove(agents, {agent}), updated_at = {clock.Now}
            where tenant = {tenant} and {agent} = any(agents) and (name = any({groups})) is distinct from {isOthers}
            """,
            stop);
}
