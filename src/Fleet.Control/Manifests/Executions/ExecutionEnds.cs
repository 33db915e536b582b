using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Lifecycles;
using Npgsql;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// What the end of a job means for its execution, in the transaction of that end: the agent's outcome, the counts, and the
/// result that searches look through. An end that is told again finds its agent closed and changes nothing.
/// </summary>
internal sealed class ExecutionEnds(ManifestSettings settings) : IWorkEndWriter
{
    private const string Close =
        $"""
        with closed as (
            update execution_hosts host set
                version = host.version + 1,
                state = case
                    when state.state = '{WorkStates.Succeeded}' then '{HostStates.Ok}'
                    when state.state = '{WorkStates.Failed}' then '{HostStates.Failed}'
                    when state.state = '{WorkStates.Expired}' and state.error_code = 'expired' then '{HostStates.Failed}'
                    when state.started_at is not null then '{HostStates.Failed}'
                    else '{HostStates.Skipped}' end,
                reason = case when state.state in ('{WorkStates.Succeeded}', '{WorkStates.Failed}') then null
                    else coalesce(state.error_code, lower(state.state)) end,
                exit_code = case
                    when state.state = '{WorkStates.Succeeded}' then coalesce(state.exit_code, 0)
                    when state.state = '{WorkStates.Failed}' and state.exit_code <> 0 and state.error_code <> all($4) then state.exit_code
                    when state.state = '{WorkStates.Expired}' and state.error_code = 'expired' then host.expiry_code
                    when state.state = '{WorkStates.Failed}' or state.started_at is not null then -1
                    else null end,
                started_at = coalesce(state.started_at, case when state.state = '{WorkStates.Expired}' and state.error_code = 'expired'
                    or state.state = '{WorkStates.Failed}' then $2 end),
                finished_at = $2
            from unnest($1) ended(id), {WorkTables.State} state
            where host.id = ended.id and host.state = '{HostStates.Open}' and state.id = ended.id
            returning host.id, host.execution_id, host.agent, host.state, host.exit_code, host.started_at, state.error_message),
        told as (
            select execution_id, count(*)::int as over,
                   (count(*) filter (where state = '{HostStates.Ok}'))::int as ok,
                   (count(*) filter (where state = '{HostStates.Failed}'))::int as failed,
                   (count(*) filter (where state = '{HostStates.Skipped}'))::int as skipped
            from closed group by execution_id),
        counted as (
            update executions kept set version = kept.version + 1,
                open = kept.open - told.over, succeeded = kept.succeeded + told.ok, failed = kept.failed + told.failed,
                skipped = kept.skipped + told.skipped,
                state = case when kept.open = told.over and kept.state <> '{ExecutionStates.Aborted}'
                    then '{ExecutionStates.Completed}' else kept.state end,
                finished_at = case when kept.open = told.over then $2 else kept.finished_at end,
                wave_at = case when kept.open = told.over then null else kept.wave_at end
            from told where kept.id = told.execution_id)
        insert into results (id, execution_id, tenant, agent, manifest, version, exit_code, started_at, finished_at,
            stdout, stderr, stdout_truncated, stderr_truncated)
        select closed.id, closed.execution_id, execution.tenant, closed.agent, execution.manifest, execution.manifest_version,
            closed.exit_code, closed.started_at, $2,
            coalesce(fleet_output_text(substring(written.stdout for $3)), ''),
            coalesce(fleet_output_text(substring(written.stderr for $3)), '')
                || case when closed.exit_code in (-1, 125, 127) then coalesce(closed.error_message, '') else '' end,
            coalesce(written.stdout_size > $3, false), coalesce(written.stderr_size > $3, false)
        from closed join executions execution on execution.id = closed.execution_id
        left join lateral (
            select string_agg(output, '' order by seq) filter (where type = 'stdout' and reached - size < $3) as stdout,
                   string_agg(output, '' order by seq) filter (where type = 'stderr' and reached - size < $3) as stderr,
                   max(reached) filter (where type = 'stdout') as stdout_size, max(reached) filter (where type = 'stderr') as stderr_size
            from (
                select type, seq, output, octet_length(output) as size,
                       sum(octet_length(output)) over (partition by type order by seq) as reached
                from journal where stream = closed.id and output is not null) piece) written on true
        where closed.state <> '{HostStates.Skipped}'
        """;

    /// <summary>Then it was Fleet that ended the run, or lost it, whatever its process said last.</summary>
    private static readonly string[] NotItsOwn =
    [
        AttemptErrors.Timeout, AttemptErrors.Cancelled, AttemptErrors.AgentLost, AttemptErrors.AgentRestarted, AttemptErrors.AgentStopped,
        AttemptErrors.LeaseLost, AttemptErrors.TooLate, WorkErrors.CrashLoop,
    ];

    public void AddUpdates(NpgsqlBatch batch, IReadOnlyCollection<WorkEnd> ends, DateTimeOffset now)
    {
        var jobs = ends.Where(end => end.Wire == WorkWires.Execution).Select(end => end.Work).ToList();
        if (jobs.Count > 0)
        {
            batch.Add(
                Close, SqlValue.Column(jobs), SqlValue.Of(now), SqlValue.Of(settings.OutputBytes), SqlValue.Of(NotItsOwn));
        }
    }
}
