using System.Linq.Expressions;
using System.Text.Json;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents.Enrolment;

/// <summary>One-time tokens that make agents.</summary>
internal sealed class AgentEnrolments(IDbContextFactory<FleetDbContext> contexts, DatabaseClock clock)
{
    private const string NoSlots = "{}";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public async Task<NewEnrolmentView> Create(
        FleetDbContext db, CreateEnrolment wanted, Caller by, CancellationToken stop)
    {
        var text = SecretText.New(SecretText.Enrolment);
        var enrolment = new AgentEnrolment
        {
            Id = WireId.New(),
            Name = wanted.Name,
            Labels = JsonSerializer.Serialize(wanted.Labels ?? new Dictionary<string, string>()),
            Sha256 = SecretText.Hash(text, SecretText.Enrolment).ToBytes(),
            CreatedAt = clock.Now,
            CreatedBy = by.KeyId,
            Tenant = by.Tenant,
            Tenants = by.Tenant == Tenants.Default ? wanted.Tenants?.Distinct().ToArray() : [by.Tenant],
            ExpiresAt = clock.Now + TimeSpan.FromSeconds(wanted.ExpiresInS),
        };
        await db.Database.ExecuteSqlAsync($"delete from agent_enrolments where expires_at < now() - {KeptFor}", stop);
        db.Add(enrolment);
        await db.SaveChangesAsync(stop);
        return new NewEnrolmentView(enrolment.Id, text, enrolment.Name, enrolment.ExpiresAt);
    }

    /// <summary>Newest first; one more than the page holds.</summary>
    public async Task<List<AgentEnrolment>> List(Page page, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var enrolments = db.Set<AgentEnrolment>().AsNoTracking().Where(IsOf(caller));
        if (page.AfterId is { } after)
            enrolments = enrolments.Where(enrolment => enrolment.Id < after);
        return await enrolments.OrderByDescending(enrolment => enrolment.Id).Take(page.Limit + 1).ToListAsync(stop);
    }

    /// <summary>False when there is none, or it was used.</summary>
    public async Task<bool> Withdraw(Guid id, Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentEnrolment>().Where(IsOf(caller))
            .Where(enrolment => enrolment.Id == id && enrolment.UsedAt == null).ExecuteDeleteAsync(stop) == 1;
    }

    /// <summary>The name that a token was made for; null where it was made for any, or opens nothing.</summary>
    public async Task<string?> NameFor(KeyHash token, CancellationToken stop)
    {
        var sha256 = token.ToBytes();
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentEnrolment>().Where(one => one.Sha256 == sha256).Select(one => one.Name).SingleOrDefaultAsync(stop);
    }

    /// <summary>The name that the token would make an agent of, if it were used now; null where it would make none.</summary>
    public async Task<string?> NameToBe(KeyHash token, CancellationToken stop)
    {
        var sha256 = token.ToBytes();
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<AgentEnrolment>().AsNoTracking()
            .Where(one => one.Sha256 == sha256 && one.UsedAt == null && one.ExpiresAt > clock.Now)
            .Select(one => one.Name).SingleOrDefaultAsync(stop);
    }

    /// <summary>Uses the token up, whoever else shows it at the same moment. A name that is taken uses nothing.</summary>
    public async Task<Admission> Use(KeyHash token, string name, CancellationToken stop)
    {
        var sha256 = token.ToBytes();
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var enrolment = await db.Set<AgentEnrolment>().FromSql(
            $"""
            select * from agent_enrolments
            where sha256 = {sha256} and used_at is null and expires_at > now() and (name is null or name = {name})
            for update
            """).SingleOrDefaultAsync(stop);
        if (enrolment is null)
            return new Admission.Refused();
        if (!await Admit(db, name, enrolment.Labels, enrolment, mayReturn: enrolment.Name is not null, stop))
            return new Admission.NameTaken();
        enrolment.UsedAt = clock.Now;
        enrolment.UsedBy = name;
        await db.SaveChangesAsync(stop);
        var text = await AgentTokens.Replace(db, name, stop);
        await transaction.CommitAsync(stop);
        return new Admission.Granted(text);
    }

    /// <param name="mayReturn">Whether an agent of this name may be let in anew.</param>
    /// <returns>False when the name is taken.</returns>
    public static async Task<bool> Admit(
        FleetDbContext db, string name, string labels, AgentEnrolment terms, bool mayReturn, CancellationToken stop)
    {
        var tenants = terms.Tenants ?? [];
        return await db.Database.ExecuteSqlAsync(
            $"""
            insert into agents (name, tenants, enrolled_at, given_labels, labels, draining, session, agent_version, hostname, os, arch,
                                slots, beat_number, in_hand_ids, in_hand_attempts, closing)
            values ({name}, {tenants}, now(), {labels}::jsonb, {labels}::jsonb, false, {Guid.Empty}, '', '', '', '',
                    {NoSlots}::jsonb, 0,
                    array[]::uuid[], array[]::int[], false)
            on conflict (name) do update set
                enrolled_at = now(), given_labels = excluded.given_labels, revoked_at = null,
                tenants = case when {terms.Tenants is null} then agents.tenants else excluded.tenants end,
                draining = agents.draining and agents.revoked_at is null
            where {mayReturn} and ({terms.Tenant == Tenants.Default} or agents.tenants = excluded.tenants)
            """,
            stop) == 1;
    }

    private static Expression<Func<AgentEnrolment, bool>> IsOf(Caller caller) =>
        enrolment => caller.Tenant == Tenants.Default || enrolment.Tenant == caller.Tenant;
}

/// <summary>What became of a wish to be an agent.</summary>
internal abstract record Admission
{
    /// <param name="AgentToken">The text of the new agent's token.</param>
    public sealed record Granted(string AgentToken) : Admission;

    /// <summary>What was shown opens nothing.</summary>
    public sealed record Refused : Admission;

    /// <summary>There is an agent of this name, and what was shown was not made for it.</summary>
    public sealed record NameTaken : Admission;

    /// <summary>Nobody has decided yet.</summary>
    public sealed record Undecided : Admission;

    /// <summary>Somebody decided against it.</summary>
    public sealed record TurnedAway : Admission;
}
