using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Reads executions, as far as the caller may see them.</summary>
internal sealed class ExecutionStore(IDbContextFactory<FleetDbContext> contexts, NpgsqlDataSource database)
{
    /// <summary>Null when there is none, or none for this caller.</summary>
    public async Task<Execution?> Find(string wireId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(wireId, out var id) && await Find(id, stop) is { } execution && caller.MaySee(execution.Tenant)
            ? execution
            : null;

    public async Task<Execution?> Find(Guid id, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Execution>().AsNoTracking().SingleOrDefaultAsync(one => one.CorrelationId == id, stop);
    }

    /// <summary>Newest first.</summary>
    /// <param name="states">Null for all.</param>
    public async Task<List<Execution>> List(
        Caller caller, string? manifest, IReadOnlyList<string>? states, Guid? after, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var found = db.Set<Execution>().AsNoTracking();
        if (!caller.MaySeeAll)
            found = found.Where(one => one.Tenant == caller.Tenant);
        if (manifest is not null)
            found = found.Where(one => one.Manifest == manifest);
        if (states is not null)
            found = found.Where(one => states.Contains(one.State));
        if (after is { } last)
            found = found.Where(one => one.CorrelationId < last);
        return await found.OrderByDescending(one => one.CorrelationId).Take(most).ToListAsync(stop);
    }

    /// <summary>Its agents by name, with how far each is.</summary>
    /// <param name="after">Name of an agent; null from the first.</param>
    public async Task<List<HostProgress>> Hosts(
        Guid execution, string? after, int most, string[]? states, CancellationToken stop) =>
        await database.Query(
            $"""
            select host.id, host.agent, host.wave,
                case when host.state = '{HostStates.Open}' then
                    case when state.state in ('{WorkStates.Running}', '{WorkStates.Cancelling}') then 'running' else 'pending' end
                    when host.state = '{HostStates.Waiting}' then 'pending' else host.state end as word,
                host.reason, host.exit_code, coalesce(host.started_at, state.started_at), host.finished_at
            from execution_hosts host left join {WorkTables.State} state on state.id = host.id and host.state = '{HostStates.Open}'
            where host.execution_id = $1 and ($2::text is null or host.agent > $2) and ($4::text[] is null or host.state = any($4))
            order by host.agent limit $3
            """,
            row => new HostProgress(
                row.GetGuid(0), row.GetString(1), row.GetInt32(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetInt32(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                row.IsDBNull(7) ? null : row.GetFieldValue<DateTimeOffset>(7)),
            stop,
            SqlValue.Of(execution), SqlValue.Maybe(after), SqlValue.Of(most), SqlValue.Maybe(states));

    public async Task<ExecutionHost?> FindHost(Guid execution, string agent, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ExecutionHost>().AsNoTracking()
            .SingleOrDefaultAsync(host => host.ExecutionId == execution && host.Agent == agent, stop);
    }

    /// <summary>Agents of a wave whose jobs are not submitted yet.</summary>
    public async Task<List<ExecutionHost>> Waiting(Guid execution, int wave, int most, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<ExecutionHost>().AsNoTracking()
            .Where(host => host.ExecutionId == execution && host.Wave == wave && host.State == HostStates.Waiting)
            .OrderBy(host => host.CorrelationId).Take(most).ToListAsync(stop);
    }

    /// <summary>Jobs that are not over and that nobody asked the end of yet.</summary>
    /// <param name="alsoRunning">Those that have begun included.</param>
    public Task<List<Guid>> OpenJobs(Guid execution, bool alsoRunning, CancellationToken stop) => database.Query(
        $"""
        select host.id from execution_hosts host join {WorkTables.State} state on state.id = host.id
        where host.execution_id = $1 and host.state = '{HostStates.Open}' and state.state = any($2) order by host.id
        """,
        row => row.GetGuid(0), stop, SqlValue.Of(execution),
        SqlValue.Of(alsoRunning
            ? [WorkStates.Queued, WorkStates.Assigned, WorkStates.Running]
            : (string[])[WorkStates.Queued, WorkStates.Assigned]));

    /// <param name="version">Empty for all versions.</param>
    public async Task<List<Guid>> NotOver(string tenant, string manifest, string version, CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        return await db.Set<Execution>().AsNoTracking()
            .Where(one => one.Tenant == tenant && one.Manifest == manifest && (version == "" || one.ManifestVersion == version)
                && one.Open > 0)
            .Select(one => one.CorrelationId).ToListAsync(stop);
    }

    /// <summary>How many of the open jobs of each execution run.</summary>
    public async Task<Dictionary<Guid, int>> Running(IReadOnlyCollection<Guid> executions, CancellationToken stop) =>
        (await database.Query(
            $"""
            select host.execution_id, count(*)::int from execution_hosts host join {WorkTables.InHand} state on state.id = host.id
            where host.execution_id = any($1) and host.state = '{HostStates.Open}'
              and state.state in ('{WorkStates.Running}', '{WorkStates.Cancelling}')
            group by host.execution_id
            """,
            row => (row.GetGuid(0), row.GetInt32(1)), stop, SqlValue.Column(executions)))
        .ToDictionary(row => row.Item1, row => row.Item2);

    public async Task<ExecutionView> View(Execution execution, CancellationToken stop) => ExecutionView.Of(
        execution, (await Running([execution.CorrelationId], stop)).GetValueOrDefault(execution.CorrelationId));

    public async Task<PageOf<ExecutionView>> View(Page page, List<Execution> rows, CancellationToken stop)
    {
        var running = await Running([.. rows.Select(row => row.CorrelationId)], stop);
        return page.Cut(
            rows, row => row.CorrelationId, row => ExecutionView.Of(row, running.GetValueOrDefault(row.CorrelationId)));
    }
}

/// <summary>One agent of an execution, as it is now.</summary>
/// <param name="State"><c>pending running ok failed skipped</c>.</param>
internal sealed record HostProgress(
    Guid Id, string Agent, int Wave, string State, string? Reason, int? ExitCode, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
