using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>The rules, what they would do, and how far they got.</summary>
internal sealed class RetentionStore(
    IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, RetentionSettings settings, DatabaseClock clock)
{
    /// <summary>A plan is one statement.</summary>
    public const int MostRules = 100;

    /// <summary>In the transaction that removes.</summary>
    public const string NoteRemoved =
        $"""
        insert into retention_progress (name, removed_at, removed) values ('{RetentionProgress.Jobs}', now(), $1)
        on conflict (name) do update set removed_at = now(), removed = retention_progress.removed + $1
        """;

    private const string NoteLooked =
        $"""
        insert into retention_progress (name, looked_at, removed) values ('{RetentionProgress.Jobs}', now(), 0)
        on conflict (name) do update set looked_at = now()
        """;

    private static readonly TimeSpan LongestCount = TimeSpan.FromSeconds(10);

    /// <summary>Seconds; null means for ever.</summary>
    public long? Otherwise => settings.Days > 0 ? (long)TimeSpan.FromDays(settings.Days).TotalSeconds : null;

    /// <summary>All rules with the setting, as they are now.</summary>
    public async Task<RetentionPlan> Plan(CancellationToken stop, params RetentionRule[] also)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var rules = await db.Set<RetentionRule>().AsNoTracking().ToListAsync(stop);
        return new RetentionPlan(rules.Concat(also), Otherwise);
    }

    /// <summary>Those that the caller's work falls under; newest first.</summary>
    public async Task<List<RetentionRule>> List(Caller caller, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<RetentionRule>().AsNoTracking()
            .Where(rule => caller.MaySeeAll || rule.Tenant == null || rule.Tenant == caller.Tenant)
            .OrderByDescending(rule => rule.Id).ToListAsync(stop);
    }

    /// <exception cref="ProblemException">There are as many as there may be.</exception>
    public static async Task Add(FleetDbContext db, RetentionRule rule, CancellationToken stop)
    {
        if (await db.Set<RetentionRule>().CountAsync(stop) >= MostRules)
        {
            throw new ProblemException(
                Problem.Conflict("too_many_rules", $"There may be at most {MostRules} rules."));
        }

        db.Add(rule);
        await db.SaveChangesAsync(stop);
    }

    public async Task Remove(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await db.Set<RetentionRule>().Where(rule => rule.Id == id).ExecuteDeleteAsync(stop);
    }

    /// <summary>How much work would go now because of this rule, if it were one.</summary>
    /// <exception cref="TimeoutException">It cannot be counted in reasonable time.</exception>
    public async Task<long> Count(RetentionRule rule, CancellationToken stop)
    {
        if (rule.KeepSeconds is not { } keep)
            return 0;
        var plan = await Plan(stop, rule);
        await using var batch = database.CreateBatch();
        batch.Add($"select set_config('statement_timeout', '{LongestCount.TotalMilliseconds}', true)");
        var count = SqlValue.BatchCommand("", SqlValue.Of(clock.Now.AddSeconds(-keep)));
        count.CommandText =
            $"""
            select count(*) from {WorkTables.Ended} join {WorkTables.Facts} using (id)
            where not held and finished_at < $1 and {plan.IsGovernedBy(rule.Id, count)}
            """;
        batch.BatchCommands.Add(count);
        try
        {
            await using var rows = await batch.ExecuteReaderAsync(stop);
            await rows.NextResultAsync(stop);
            await rows.ReadAsync(stop);
            return rows.GetInt64(0);
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new TimeoutException("The work of the rule was not counted in time.", slow);
        }
    }

    public Task HasLooked(CancellationToken stop) => database.Execute(NoteLooked, stop);

    public async Task<RetentionView> Progress(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var progress = await db.Set<RetentionProgress>().AsNoTracking().SingleOrDefaultAsync(stop) ?? new RetentionProgress();
        return new RetentionView(
            KeepText.Of(Otherwise),
            await db.Set<RetentionRule>().CountAsync(stop),
            progress.LookedAt,
            progress.RemovedAt,
            progress.Removed,
            await db.Set<RemovedWork>().Take(1000).CountAsync(stop),
            await OldestEnd(stop));
    }

    private async Task<DateTimeOffset?> OldestEnd(CancellationToken stop)
    {
        await using var batch = database.CreateIndexBatch();
        batch.Add($"select finished_at from {WorkTables.Ended} order by finished_at, id limit 1");
        await using var rows = await batch.Read(stop);
        return await rows.ReadAsync(stop) ? rows.GetFieldValue<DateTimeOffset>(0) : null;
    }
}
