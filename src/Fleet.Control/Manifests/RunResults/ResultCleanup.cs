using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Manifests.RunResults;

/// <summary>By the clock, on the Control that leads: forgets old results, executions that are over and events of hosts.</summary>
internal sealed class ResultCleanup(
    NpgsqlDataSource database, Leadership leadership, ManifestSettings settings, TimeProvider clock, ILogger<ResultCleanup> logger)
    : LeaderService(leadership, TimeSpan.FromMinutes(5), clock)
{
    /// <summary>The latest success on each agent stays while a schedule goes by it.</summary>
    private static readonly string Results =
        $"""
        delete from results where id in (
            select old.id from results old where old.finished_at < now() - $1 and not (
                old.exit_code = 0
                and exists (
                    select 1 from manifest_schedules schedule
                    where schedule.tenant = old.tenant and schedule.manifest = old.manifest)
                and not exists (
                    select 1 from results later
                    where later.manifest = old.manifest and later.agent = old.agent and later.tenant = old.tenant
                      and later.exit_code = 0 and (later.finished_at, later.id) > (old.finished_at, old.id)))
            limit {BatchedDelete.Size})
        """;

    private static readonly string Hosts =
        $"""
        delete from execution_hosts where id in (
            select host.id from executions execution join execution_hosts host on host.execution_id = execution.id
            where execution.open = 0 and execution.finished_at < now() - $1 limit {BatchedDelete.Size})
        """;

    private static readonly string Executions =
        $"""
        delete from executions where id in (
            select id from executions where open = 0 and finished_at < now() - $1
              and not exists (select 1 from execution_hosts host where host.execution_id = executions.id) limit {BatchedDelete.Size})
        """;

    private static readonly string Events =
        $"""
        delete from host_events where (agent, key) in (
            select agent, key from host_events where told_at < now() - interval '30 days' limit {BatchedDelete.Size})
        """;

    /// <summary>Later than the events: what was acted on is not acted on again.</summary>
    private static readonly string ActedOn =
        $"""
        delete from manifest_schedule_events where (tenant, schedule, agent, key) in (
            select tenant, schedule, agent, key from manifest_schedule_events
            where acted_at < now() - interval '31 days' limit {BatchedDelete.Size})
        """;

    public async Task Tidy(CancellationToken stop)
    {
        foreach (var old in (string[])[Results, Hosts, Executions])
            await database.DeleteInBatches(old, null, stop, SqlValue.Of(TimeSpan.FromDays(settings.KeepDays)));
        foreach (var old in (string[])[Events, ActedOn])
            await database.DeleteInBatches(old, null, stop);
    }

    protected override Task Round(CancellationToken stop) => Tidy(stop);

    protected override void RoundFailed(Exception failure) => ManifestLog.NotCleaned(logger, failure.Message);
}
