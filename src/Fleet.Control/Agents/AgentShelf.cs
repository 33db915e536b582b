using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Agents;

/// <summary>The table of agents, with the database's clock deciding who is alive.</summary>
internal sealed class AgentShelf(
    IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, DatabaseClock clock, LeaseSettings settings)
    : IAgentDirectory
{
    /// <summary>A new session, or the same one again.</summary>
    public async Task Register(string name, AgentRegistration agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agents (name, session, agent_version, hostname, os, arch, slots, labels, registered_at, seen_at,
                                beat_number, in_hand_ids, in_hand_attempts, closing)
            values ({name}, {agent.Session}, {agent.Version}, {agent.Hostname}, {agent.Os}, {agent.Arch},
                    {JsonSerializer.Serialize(agent.Slots)}::jsonb, {JsonSerializer.Serialize(agent.Labels)}::jsonb,
                    now(), now(), 0, array[]::uuid[], array[]::int[], false)
            on conflict (name) do update set
                agent_version = excluded.agent_version, hostname = excluded.hostname, os = excluded.os,
                arch = excluded.arch, slots = excluded.slots, labels = excluded.labels, registered_at = now(), seen_at = now(),
                beat_number = case when agents.session = excluded.session then agents.beat_number else 0 end,
                in_hand_ids = case when agents.session = excluded.session then agents.in_hand_ids else excluded.in_hand_ids end,
                in_hand_attempts =
                    case when agents.session = excluded.session then agents.in_hand_attempts else excluded.in_hand_attempts end,
                session_at = case when agents.session = excluded.session then agents.session_at else now() end,
                beat_at = case when agents.session = excluded.session then agents.beat_at end,
                closing = agents.closing and agents.session = excluded.session,
                session = excluded.session
            """,
            stop);
    }

    /// <summary>False when the session is not the present one, or a later beat was stored already.</summary>
    public async Task<bool> Beat(AgentBeat beat, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Database.ExecuteSqlAsync(
            $"""
            update agents set seen_at = now(), beat_at = now(), beat_number = {beat.Number}, closing = {beat.Closing},
                in_hand_ids = {beat.InHand.Select(attempt => attempt.JobId).ToArray()},
                in_hand_attempts = {beat.InHand.Select(attempt => attempt.Attempt).ToArray()}
            where name = {beat.Agent} and session = {beat.Session} and beat_number < {beat.Number}
            """,
            stop) == 1;
    }

    public async Task<IReadOnlyList<Agent>> List(string? after, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().AsNoTracking()
            .Where(agent => after == null || string.Compare(agent.Name, after) > 0)
            .OrderBy(agent => agent.Name).Take(most).ToListAsync(stop);
    }

    public async Task<Agent?> Find(string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().AsNoTracking().SingleOrDefaultAsync(agent => agent.Name == name, stop);
    }

    public async Task<IReadOnlyList<string>> Names(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Agent>().Select(agent => agent.Name).ToListAsync(stop);
    }

    /// <summary>
    /// Agents heard within a lease that are not on their way out: an attempt given to another would be lost before it
    /// began.
    /// </summary>
    public async Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop)
    {
        await using var ready = database.CreateCommand(
            "select name, session, slots, labels from agents "
            + "where coalesce(beat_at, session_at) > now() - $1 and not closing order by name");
        ready.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = TimeSpan.FromSeconds(settings.LeaseSeconds) });
        await using var reader = await ready.ExecuteReaderAsync(stop);
        var agents = new List<ReadyAgent>();
        while (await reader.ReadAsync(stop))
        {
            agents.Add(new ReadyAgent(
                reader.GetString(0),
                reader.GetGuid(1),
                JsonSerializer.Deserialize<Dictionary<string, int>>(reader.GetString(2))!,
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3))!));
        }

        return agents;
    }

    public async Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var agents = await db.Set<Agent>().AsNoTracking().ToListAsync(stop);
        var now = clock.Now;
        return agents.ToDictionary(agent => agent.Name, agent => new AgentPresence(
            agent.Name,
            agent.Session,
            now - (agent.BeatAt ?? agent.SessionAt),
            agent.BeatAt,
            agent.Closing,
            agent.InHandIds.Zip(agent.InHandAttempts).ToHashSet()));
    }
}
