using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Executions, in the states that this wire knows.</summary>
internal sealed class KanadeExecutions(IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database, DatabaseClock clock)
{
    /// <summary>What nobody has reported on for so long is called expired, though it still waits.</summary>
    private static readonly TimeSpan ExpiredAfter = TimeSpan.FromHours(1);

    /// <summary>Newest first.</summary>
    public async Task<List<KanadeExecution>> List(Caller caller, string? job, string? status, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Execution>().AsNoTracking();
        if (!caller.MaySeeAll)
            found = found.Where(one => one.Tenant == caller.Tenant);
        if (job is not null)
            found = found.Where(one => one.Manifest == job);
        var old = clock.Now - ExpiredAfter;
        found = status switch
        {
            null => found,
            "completed" => found.Where(one => one.Open == 0 && one.Hosts > 0),
            "running" => found.Where(one => one.Open > 0 && one.Succeeded + one.Failed > 0),
            "expired" => Unreported(found).Where(one => one.CreatedAt < old),
            "pending" => Unreported(found).Where(one => one.CreatedAt >= old),
            _ => found.Where(_ => false),
        };
        var rows = await found.OrderByDescending(one => one.CorrelationId).Take(most).ToListAsync(stop);
        return rows.ConvertAll(Row);
    }

    /// <summary>Of agents that it is for there is at least one here: where none was found, one is waited for in vain.</summary>
    public KanadeExecution Row(Execution one) => new(
        one.CorrelationId.ToString(), one.Manifest, one.ManifestVersion, one.By, one.CreatedAt, Targets(one.Hosts), one.Succeeded,
        one.Failed,
        one is { Open: 0, Hosts: > 0 } ? "completed"
            : one.Succeeded + one.Failed > 0 ? "running"
            : one.CreatedAt < clock.Now - ExpiredAfter ? "expired" : "pending");

    public static int Targets(int hosts) => Math.Max(1, hosts);

    /// <summary>What runs now, newest first.</summary>
    public Task<List<KanadeRunning>> Running(Caller caller, Guid? execution, int most, CancellationToken stop) => database.Query(
        $"""
        select execution.id, host.agent, state.started_at, execution.manifest, execution.manifest_version
        from execution_hosts host join executions execution on execution.id = host.execution_id
        join {Platform.Work.WorkTables.InHand} state on state.id = host.id
        where host.state = '{HostStates.Open}' and state.state in ('Running', 'Cancelling')
          and ($1::text is null or execution.tenant = $1) and ($2::uuid is null or execution.id = $2)
        order by state.started_at desc, host.id desc limit $3
        """,
        row => new KanadeRunning(
            row.GetGuid(0).ToString(), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetString(3), row.GetString(4)),
        stop, SqlValue.Maybe(caller.MaySeeAll ? null : caller.Tenant), SqlValue.Maybe(execution), SqlValue.Of((long)most));

    /// <summary>How much of each manifest is under way.</summary>
    public async Task<Dictionary<string, (int Running, int Pending)>> Live(string tenant, CancellationToken stop) => (await database.Query(
        $"""
        select execution.manifest,
            (count(*) filter (where state.state in ('Running', 'Cancelling')))::int,
            (count(*) filter (where state.state is null or state.state not in ('Running', 'Cancelling')))::int
        from executions execution join execution_hosts host on host.execution_id = execution.id
        left join {Platform.Work.WorkTables.InHand} state on state.id = host.id
        where execution.tenant = $1 and execution.open > 0 and host.state in ('{HostStates.Open}', '{HostStates.Waiting}')
        group by execution.manifest
        """,
        row => (row.GetString(0), row.GetInt32(1), row.GetInt32(2)), stop, SqlValue.Of(tenant)))
        .ToDictionary(row => row.Item1, row => (row.Item2, row.Item3));

    private static IQueryable<Execution> Unreported(IQueryable<Execution> all) =>
        all.Where(one => (one.Open > 0 || one.Hosts == 0) && one.Succeeded + one.Failed == 0);
}

internal sealed record KanadeExecution(
    string ExecId, string JobId, string Version, string InitiatedBy, DateTimeOffset? InitiatedAt, int TargetCount, int SuccessCount,
    int FailureCount, string Status);

internal sealed record KanadeExecutionDetail(KanadeExecution Execution, IReadOnlyList<KanadeExecutionResult> Results);

internal sealed record KanadeExecutionResult(
    string ResultId, string RequestId, string PcId, int? ExitCode, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);

internal sealed record KanadeRunning(string ExecId, string PcId, DateTimeOffset StartedAt, string ManifestId, string Version);
