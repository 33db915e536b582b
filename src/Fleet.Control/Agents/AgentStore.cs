using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Agents;

/// <summary>The table of agents, with the database's clock deciding who is alive.</summary>
internal sealed class AgentStore(
    IDbContextFactory<FleetDbContext> contexts,
    NpgsqlDataSource database,
    DatabaseClock clock,
    LeaseSettings settings,
    UpstreamStore upstreams,
    AgentEvents news)
    : IAgentDirectory
{
    /// <param name="silence">How long ago the agent itself was heard.</param>
    /// <returns>False when the session is not the present one, or a later beat was stored already.</returns>
    public async Task<bool> Beat(AgentBeat beat, TimeSpan silence, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Database.ExecuteSqlAsync(
            $"""
            update agents set seen_at = now() - {silence}, beat_at = now(), beat_number = {beat.Number}, closing = {beat.Closing},
                broker_trouble = null, in_hand_ids = {beat.InHand.Select(attempt => attempt.WorkId).ToArray()},
                in_hand_attempts = {beat.InHand.Select(attempt => attempt.Attempt).ToArray()}
            where name = {beat.Agent} and session = {beat.Session} and beat_number < {beat.Number} and revoked_at is null
            """,
            stop) == 1;
    }

    public async Task<IReadOnlyList<Agent>> List(Caller caller, string? after, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().AsNoTracking()
            .Where(agent => after == null || string.Compare(agent.Name, after) > 0)
            .Where(agent => caller.Tenant == Tenants.Default || agent.Tenants.Length == 0 || agent.Tenants.Contains(caller.Tenant))
            .OrderBy(agent => agent.Name).Take(most).ToListAsync(stop);
    }

    public async Task<Agent?> Find(string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().AsNoTracking().SingleOrDefaultAsync(agent => agent.Name == name, stop);
    }

    /// <summary>Those that may be heard, or those that may not.</summary>
    public async Task<IReadOnlyList<string>> Names(bool revoked, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().Where(agent => agent.RevokedAt != null == revoked).Select(agent => agent.Name).ToListAsync(stop);
    }

    public async Task<IReadOnlyList<string>> OnBus(CancellationToken stop) => await database.Query(
        "select name from agents where revoked_at is null and registered_at is not null and labels ->> $1 is distinct from $2",
        row => row.GetString(0),
        stop,
        SqlValue.Of(AgentChannel.Label),
        SqlValue.Of(AgentChannel.Socket));

    /// <summary>The agent as it is now, after its mark was set; null when there is none, or it is revoked.</summary>
    public async Task<Agent?> Drain(string name, bool draining, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var changed = await db.Set<Agent>()
            .Where(agent => agent.Name == name && agent.RevokedAt == null && agent.Draining != draining)
            .ExecuteUpdateAsync(set => set.SetProperty(agent => agent.Draining, draining), stop) == 1;
        var word = draining ? AgentEvents.Draining : AgentEvents.Resumed;
        var told = changed ? await news.Tell(db, name, word, stop) : null;
        await transaction.CommitAsync(stop);
        told?.Invoke();
        return await Find(name, stop);
    }

    /// <summary>
    /// Agents heard within half a lease: who missed several beats may be dead, and would hold new work back until its
    /// lease is over. Those that drain, are on their way out, or say that the broker does not hear them, take nothing new.
    /// </summary>
    public async Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop)
    {
        await using var ready = database.CreateCommand(
            """
            select name, agents.session, slots, labels, beat_number, number, tenants from agents
            left join agent_inventories told on told.agent = agents.name and told.session = agents.session
            where coalesce(beat_at, session_at) > now() - $1 and not (closing or draining)
                and revoked_at is null and broker_trouble is null
            order by name
            """,
            SqlValue.Of(TimeSpan.FromSeconds(settings.LeaseSeconds / 2)));
        var agents = new List<ReadyAgent>();
        var told = new List<(string, Guid, long)>();
        await using (var reader = await ready.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                agents.Add(new ReadyAgent(
                    reader.GetString(0),
                    reader.GetGuid(1),
                    JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(2))!,
                    JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!,
                    reader.GetInt64(4),
                    Tenants: reader.GetFieldValue<string[]>(6)));
                if (!reader.IsDBNull(5))
                    told.Add((reader.GetString(0), reader.GetGuid(1), reader.GetInt64(5)));
            }
        }

        if (told.Count == 0)
            return agents;
        var known = await upstreams.Of(told, stop);
        return agents.ConvertAll(agent => agent with { Upstreams = known.GetValueOrDefault(agent.Name)?.Ready });
    }

    /// <summary>Agents that are on and have slots for model calls, whether they told of upstreams already or not.</summary>
    public async Task<string[]> WithUpstreams(CancellationToken stop) =>
    [
        .. from agent in await Standing(stop)
           where agent.IsOn && !agent.IsRevoked
               && (agent.Slots.ContainsKey(ReadyUpstream.Generation) || agent.Slots.ContainsKey(ReadyUpstream.Embedding))
           select agent.Name,
    ];

    /// <summary>Without those that are revoked: what nobody may report on is lost at once.</summary>
    public async Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var agents = await db.Set<Agent>().AsNoTracking()
            .Where(agent => agent.RevokedAt == null && agent.SessionAt != null).ToListAsync(stop);
        var now = clock.Now;
        return agents.ToDictionary(agent => agent.Name, agent => new AgentPresence(
            agent.Name,
            agent.Session,
            now - (agent.BeatAt ?? agent.SessionAt!.Value),
            agent.BeatAt,
            agent.Closing,
            agent.InHandIds.Zip(agent.InHandAttempts).ToHashSet()));
    }

    public async Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop)
    {
        await using var all = database.CreateCommand(
            """
            select name, revoked_at is not null,
                   coalesce(coalesce(beat_at, session_at) > now() - $1, false) and not closing, draining, seen_at,
                   slots, labels, agents.session, number, tenants, hostname, os, agent_version, session_at
            from agents left join agent_inventories told on told.agent = agents.name and told.session = agents.session
            order by name
            """,
            SqlValue.Of(TimeSpan.FromSeconds(settings.LeaseSeconds)));
        var agents = new List<AgentStanding>();
        var told = new List<(string, Guid, long)>();
        await using (var reader = await all.ExecuteReaderAsync(stop))
        {
            while (await reader.ReadAsync(stop))
            {
                agents.Add(new AgentStanding(
                    reader.GetString(0),
                    reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3),
                    reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4),
                    JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(5))!,
                    JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(6))!,
                    Tenants: reader.GetFieldValue<string[]>(9),
                    Host: new AgentHost(reader.GetString(10), reader.GetString(11), reader.GetString(12)),
                    Run: reader.IsDBNull(13) ? null : new AgentRun(reader.GetGuid(7), reader.GetFieldValue<DateTimeOffset>(13))));
                if (!reader.IsDBNull(8))
                    told.Add((reader.GetString(0), reader.GetGuid(7), reader.GetInt64(8)));
            }
        }

        if (told.Count == 0)
            return agents;
        var known = await upstreams.Of(told, stop);
        return agents.ConvertAll(agent => agent with { Upstreams = known.GetValueOrDefault(agent.Name)?.Ready });
    }

    public async Task<bool> IsSession(string agent, Guid session, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentHello>().AnyAsync(hello => hello.Agent == agent && hello.Session == session, stop)
            && await db.Set<Agent>().AnyAsync(row => row.Name == agent && row.RevokedAt == null, stop);
    }
}
