using System.Text.Json.Serialization;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Platform.Persistence;
using Npgsql;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>What became of a manifest on agents so far.</summary>
internal sealed class AgentRecords(NpgsqlDataSource database)
{
    /// <summary>Of these agents, in their order: the newest success, by whatever it was started.</summary>
    public Task<List<AgentRecord>> Of(
        string tenant, string manifest, string schedule, IReadOnlyCollection<string> agents, CancellationToken stop) => database.Query(
        $"""
        select wanted.agent, success.finished_at, success.version, exists (
            select 1 from executions execution join execution_hosts host on host.execution_id = execution.id
            where execution.tenant = $1 and execution.manifest = $2 and execution.schedule = $3 and execution.open > 0
              and host.agent = wanted.agent and host.state in ('{HostStates.Waiting}', '{HostStates.Open}'))
        from unnest($4) with ordinality wanted(agent, place)
        left join lateral (
            select finished_at, version from results
            where manifest = $2 and agent = wanted.agent and tenant = $1 and exit_code = 0
            order by finished_at desc limit 1) success on true
        order by wanted.place
        """,
        row => new AgentRecord(
            row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetString(2),
            row.GetBoolean(3)),
        stop, SqlValue.Of(tenant), SqlValue.Of(manifest), SqlValue.Of(schedule), SqlValue.Column(agents));

    /// <summary>Of these agents, what the manifest did last.</summary>
    public Task<List<AgentCoverage>> Coverage(
        string tenant, string manifest, IReadOnlyCollection<string> agents, CancellationToken stop) => database.Query(
        $"""
        select wanted.agent, last.exit_code, last.version, last.finished_at, exists (
            select 1 from executions execution join execution_hosts host on host.execution_id = execution.id
            join {Platform.Work.WorkTables.InHand} state on state.id = host.id
            where execution.tenant = $1 and execution.manifest = $2 and execution.open > 0 and host.agent = wanted.agent
              and host.state = '{HostStates.Open}' and state.state in ('Running', 'Cancelling'))
        from unnest($3) with ordinality wanted(agent, place)
        left join lateral (
            select exit_code, version, finished_at from results
            where manifest = $2 and agent = wanted.agent and tenant = $1 order by finished_at desc limit 1) last on true
        order by wanted.place
        """,
        row => new AgentCoverage(
            row.GetString(0),
            row.GetBoolean(4) ? "running" : row.IsDBNull(1) ? "pending" : row.GetInt32(1) == 0 ? "ok" : "fail",
            row.IsDBNull(2) ? null : row.GetString(2),
            row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3)),
        stop, SqlValue.Of(tenant), SqlValue.Of(manifest), SqlValue.Column(agents));

    /// <summary>The latest run of a manifest, and how many of a day's were good and bad.</summary>
    public async Task<(LastRun? Last, long Ok, long Fail)> Recent(
        string tenant, string manifest, DateTimeOffset since, CancellationToken stop)
    {
        var last = await database.Query(
            """
            select agent, exit_code, started_at, finished_at from results
            where manifest = $2 and tenant = $1 order by started_at desc limit 1
            """,
            row => new LastRun(
                row.GetString(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3)),
            stop, SqlValue.Of(tenant), SqlValue.Of(manifest));
        var counts = await database.Query(
            """
            select count(*) filter (where exit_code = 0), count(*) filter (where exit_code <> 0) from results
            where manifest = $2 and tenant = $1 and finished_at >= $3
            """,
            row => (row.GetInt64(0), row.GetInt64(1)), stop, SqlValue.Of(tenant), SqlValue.Of(manifest), SqlValue.Of(since));
        return (last.FirstOrDefault(), counts[0].Item1, counts[0].Item2);
    }
}

/// <summary>What is not known of an agent is left out.</summary>
/// <param name="State"><c>ok fail running pending</c>.</param>
internal sealed record AgentCoverage(
    string PcId,
    string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? FinishedAt);

internal sealed record LastRun(string PcId, int? ExitCode, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt);
