using System.Text;
using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents.Sessions;

/// <summary>
/// Which run of an agent's process is the present one, and which there were. A run that another one has followed never
/// becomes the present one again: two processes with one identity would take each other's work.
/// </summary>
internal sealed class AgentSessions(IDbContextFactory<FleetDbContext> contexts, AgentEvents news)
{
    private const int MostKept = 50;

    public async Task<Hello> Look(string name, Guid session, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await Look(db, name, session, stop);
    }

    /// <summary>A new session, or the same one again. Whatever the answer is but these two, nothing is stored.</summary>
    public async Task<Hello> Register(string name, AgentRegistration said, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await db.Database.ExecuteSqlAsync($"select 1 from agents where name = {name} for update", stop);
        var hello = await Look(db, name, said.Session, stop);
        if (hello is not (Hello.New or Hello.Again))
            return hello;
        await Store(db, name, said, stop);
        await Remember(db, name, said, stop);
        var told = hello == Hello.New ? await news.Tell(db, name, AgentEvents.Registered, stop) : null;
        await transaction.CommitAsync(stop);
        told?.Invoke();
        return hello;
    }

    /// <summary>Newest first.</summary>
    public async Task<IReadOnlyList<AgentHello>> List(string name, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentHello>().AsNoTracking()
            .Where(hello => hello.Agent == name)
            .OrderByDescending(hello => hello.At).Take(MostKept).ToListAsync(stop);
    }

    private static async Task<Hello> Look(FleetDbContext db, string name, Guid session, CancellationToken stop)
    {
        var agent = await db.Set<Agent>().AsNoTracking()
            .Where(agent => agent.Name == name)
            .Select(agent => new { agent.Session, agent.RevokedAt })
            .SingleOrDefaultAsync(stop);
        if (agent is null or { RevokedAt: not null })
            return Hello.Unwelcome;
        if (agent.Session == session)
            return Hello.Again;
        return await db.Set<AgentHello>().AnyAsync(hello => hello.Agent == name && hello.Session == session, stop)
            ? Hello.Superseded
            : Hello.New;
    }

    private static Task<int> Store(FleetDbContext db, string name, AgentRegistration said, CancellationToken stop) =>
        db.Database.ExecuteSqlAsync(
            $"""
            update agents set
                agent_version = {said.Version}, hostname = {said.Hostname}, os = {said.Os}, arch = {said.Arch},
                slots = {Json(said.Slots)}::jsonb, labels = {Json(said.Labels)}::jsonb || given_labels,
                registered_at = now(), seen_at = now(),
                beat_number = case when session = {said.Session} then beat_number else 0 end,
                in_hand_ids = case when session = {said.Session} then in_hand_ids else array[]::uuid[] end,
                in_hand_attempts = case when session = {said.Session} then in_hand_attempts else array[]::int[] end,
                session_at = case when session = {said.Session} then coalesce(session_at, now()) else now() end,
                beat_at = case when session = {said.Session} then beat_at end,
                broker_trouble = {Trouble(said)},
                closing = closing and session = {said.Session},
                session = {said.Session}
            where name = {name}
            """,
            stop);

    private static async Task Remember(FleetDbContext db, string name, AgentRegistration said, CancellationToken stop)
    {
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into agent_hellos (agent, session, at, last_at, agent_version, hostname, os, arch, slots, labels)
            values ({name}, {said.Session}, now(), now(), {said.Version}, {said.Hostname}, {said.Os}, {said.Arch},
                    {Json(said.Slots)}::jsonb, {Json(said.Labels)}::jsonb)
            on conflict (agent, session) do update set last_at = now()
            """,
            stop);
        await db.Database.ExecuteSqlAsync(
            $"""
            delete from agent_hellos where agent = {name} and session in
                (select session from agent_hellos where agent = {name} order by at desc offset {MostKept})
            """,
            stop);
        await db.Database.ExecuteSqlAsync(
            $"delete from pending_agents where name = {name} and approved_at is not null", stop);
    }

    /// <summary>Its words are shown to people: one line of them, and not without end.</summary>
    private static string? Trouble(AgentRegistration said) => said.BrokerTrouble is { Length: > 0 } words
        ? string.Concat(words.EnumerateRunes().Take(AgentRules.LongestTrouble)
            .Select(letter => Rune.IsControl(letter) ? " " : letter.ToString()))
        : null;

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}

/// <summary>What a registration means.</summary>
internal enum Hello
{
    /// <summary>Another run of the process.</summary>
    New,

    /// <summary>The present run says it again.</summary>
    Again,

    /// <summary>Another run has come since.</summary>
    Superseded,

    /// <summary>There is no such agent, or it is revoked.</summary>
    Unwelcome,
}
