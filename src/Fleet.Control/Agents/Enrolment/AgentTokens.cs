using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>What agents prove themselves with.</summary>
internal sealed class AgentTokens(
    IDbContextFactory<FleetDbContext> contexts,
    ApiKeyCache cache,
    AccessSettings access,
    AgentSettings settings,
    AgentEvents news,
    TimeProvider clock)
{
    /// <summary>A new token takes the place of all others, within the transaction of the context.</summary>
    public static async Task<string> Replace(FleetDbContext db, string agent, CancellationToken stop)
    {
        await db.Database.ExecuteSqlAsync($"delete from agent_tokens where agent = {agent}", stop);
        return await Add(db, agent, stop);
    }

    /// <summary>A new token; the others live for the overlap. Null when there is no such agent, or it is revoked.</summary>
    public async Task<NewAgentTokenView?> Rotate(string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var exists = await db.Database.ExecuteSqlAsync(
            $"update agents set name = name where name = {agent} and revoked_at is null", stop);
        if (exists == 0)
            return null;
        var until = clock.GetUtcNow() + TimeSpan.FromSeconds(settings.TokenOverlapSeconds);
        await db.Database.ExecuteSqlAsync(
            $"update agent_tokens set expires_at = least(expires_at, {until}) where agent = {agent}", stop);
        await db.Database.ExecuteSqlAsync($"delete from agent_tokens where expires_at < now()", stop);
        var text = await Add(db, agent, stop);
        await transaction.CommitAsync(stop);
        return new NewAgentTokenView(agent, text, until);
    }

    /// <summary>
    /// The agent and everything that could open a door for it are revoked; when this has returned, no Control process
    /// knows its tokens any more. False when there is no such agent.
    /// </summary>
    /// <param name="committed">Called as soon as it is so.</param>
    public async Task<bool> Revoke(string agent, Action committed, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using (var transaction = await db.Database.BeginTransactionAsync(stop))
        {
            var isNew = await db.Database.ExecuteSqlAsync(
                $"update agents set revoked_at = now(), told_online = false where name = {agent} and revoked_at is null",
                stop) == 1;
            if (!isNew && !await db.Set<Agent>().AnyAsync(row => row.Name == agent, stop))
                return false;
            var told = isNew ? await news.Tell(db, agent, AgentEvents.Revoked, stop) : null;
            var hashes = await db.Set<AgentToken>()
                .Where(token => token.Agent == agent).Select(token => token.Sha256).ToListAsync(stop);
            await db.Database.ExecuteSqlAsync($"delete from agent_tokens where agent = {agent}", stop);
            await db.Database.ExecuteSqlAsync(
                $"delete from agent_enrolments where name = {agent} and used_at is null", stop);
            await db.Database.ExecuteSqlAsync($"delete from pending_agents where name = {agent}", stop);
            await transaction.CommitAsync(stop);
            told?.Invoke();
            foreach (var hash in hashes)
                cache.Forget(KeyHash.FromBytes(hash));
            committed();
        }

        await Task.Delay(TimeSpan.FromSeconds(access.CacheSeconds), clock, stop);
        return true;
    }

    private static async Task<string> Add(FleetDbContext db, string agent, CancellationToken stop)
    {
        var text = SecretText.New(SecretText.AgentToken);
        var sha256 = SecretText.Hash(text, SecretText.AgentToken).ToBytes();
        await db.Database.ExecuteSqlAsync(
            $"insert into agent_tokens (sha256, agent, created_at) values ({sha256}, {agent}, now())", stop);
        return text;
    }
}
