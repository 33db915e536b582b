using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>Hosts that announced themselves. Anybody may, so their number and their time are bounded.</summary>
internal sealed class PendingAgents(IDbContextFactory<FleetDbContext> contexts, AgentSettings settings, DatabaseClock clock)
{
    private const long LockNumber = 0x666C656574_0002; // "fleet", 2

    /// <summary>Null when too many wait already.</summary>
    public async Task<AnnouncementTaken?> Announce(JoinRequest said, CancellationToken stop)
    {
        var secret = SecretText.New(SecretText.Claim);
        var hash = SecretText.Hash(secret, SecretText.Claim);
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockNumber})", stop);
        await db.Database.ExecuteSqlAsync($"delete from pending_agents where expires_at < now()", stop);
        if (await db.Set<PendingAgent>().CountAsync(stop) >= settings.MostPending)
            return null;
        var pending = new PendingAgent
        {
            Id = WireId.New(),
            Name = said.Name,
            Hostname = said.Hostname,
            Os = said.Os,
            Arch = said.Arch,
            AgentVersion = said.Version,
            Sha256 = hash.ToBytes(),
            At = clock.Now,
            ExpiresAt = clock.Now + TimeSpan.FromSeconds(settings.PendingSeconds),
        };
        db.Add(pending);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        return new AnnouncementTaken(WireId.Format(pending.Id), secret, AgentFingerprint.Of(hash), pending.ExpiresAt);
    }

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<PendingAgent>> List(Page page, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = clock.Now;
        var pending = db.Set<PendingAgent>().AsNoTracking().Where(pending => pending.ExpiresAt > now);
        if (page.AfterId is { } after)
            pending = pending.Where(pending => pending.Id < after);
        return await pending.OrderByDescending(pending => pending.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    public async Task<PendingAgent?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = clock.Now;
        return await db.Set<PendingAgent>().AsNoTracking()
            .SingleOrDefaultAsync(pending => pending.Id == id && pending.ExpiresAt > now, stop);
    }

    public async Task<Decision> Approve(Guid id, ApproveAgent how, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (await Undecided(db, id, stop) is not { } pending)
            return Decision.TooLate;
        pending.Name = how.Name ?? pending.Name;
        pending.ApprovedAt = clock.Now;
        var labels = JsonSerializer.Serialize(how.Labels ?? new Dictionary<string, string>());
        if (!await AgentEnrolments.Admit(db, pending.Name, labels, new() { Tenants = [.. how.Tenants ?? []] }, mayReturn: false, stop))
            return Decision.NameTaken;
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        return Decision.Made;
    }

    public async Task<Decision> Refuse(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        if (await Undecided(db, id, stop) is not { } pending)
            return Decision.TooLate;
        pending.RefusedAt = clock.Now;
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
        return Decision.Made;
    }

    /// <summary>
    /// May be repeated until the agent has registered, since an answer can get lost; each token ends the one before.
    /// </summary>
    public async Task<(Admission Admission, string Name)> Claim(Guid id, KeyHash secret, CancellationToken stop)
    {
        var sha256 = secret.ToBytes();
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var pending = await db.Set<PendingAgent>().FromSql(
            $"select * from pending_agents where id = {id} and sha256 = {sha256} and expires_at > now() for update")
            .AsNoTracking().SingleOrDefaultAsync(stop);
        switch (pending)
        {
            case null:
                return (new Admission.Refused(), "");
            case { RefusedAt: not null }:
                return (new Admission.TurnedAway(), pending.Name);
            case { ApprovedAt: null }:
                return (new Admission.Undecided(), pending.Name);
        }

        var text = await AgentTokens.Replace(db, pending.Name, stop);
        await transaction.CommitAsync(stop);
        return (new Admission.Granted(text), pending.Name);
    }

    private static Task<PendingAgent?> Undecided(FleetDbContext db, Guid id, CancellationToken stop) =>
        db.Set<PendingAgent>().FromSql(
            $"""
            select * from pending_agents
            where id = {id} and expires_at > now() and approved_at is null and refused_at is null for update
            """).SingleOrDefaultAsync(stop);
}

/// <summary>What became of a decision about a host that waits.</summary>
internal enum Decision
{
    Made,

    /// <summary>There is no such host, or it was decided before.</summary>
    TooLate,

    NameTaken,
}
