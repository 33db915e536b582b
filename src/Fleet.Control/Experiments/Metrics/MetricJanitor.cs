using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Npgsql;

namespace Fleet.Control.Experiments.Metrics;

/// <summary>
/// By the clock: removes series that belong to no run. Those of a key go when nothing was added for long, or the key is revoked or gone;
/// those of a run that was removed while a value of it was on its way go with the next round.
/// </summary>
internal sealed class MetricJanitor(
    NpgsqlDataSource database, Leadership leadership, ExperimentSettings settings, TimeProvider clock, ILogger<MetricJanitor> log)
    : LeaderService(leadership, TimeSpan.FromMinutes(10), clock)
{
    private const int MostSeries = 200;

    /// <summary>A run may be submitted, and said something of, in a transaction that this one does not see yet.</summary>
    private const string Over =
        $"""
        select series.run, series.name from experiment_series series
        left join api_keys owner on owner.id = series.run
        where not exists (select from {WorkTables.Facts} run where run.id = series.run)
        and (owner.id is null and series.last_at < now() - interval '1 hour'
            or owner.revoked_at is not null or series.last_at < now() - make_interval(days => $1))
        limit $2
        """;

    protected override void RoundFailed(Exception failure) => ExperimentLog.MetricsNotTidied(log, failure.Message);

    protected override Task Round(CancellationToken stop) => Sweep(stop);

    /// <summary>Removes all that is over now, in small transactions.</summary>
    internal async Task Sweep(CancellationToken stop)
    {
        while (await Some(stop) is { Count: > 0 } over)
        {
            foreach (var (run, name) in over)
                await Remove(run, name, stop);
        }
    }

    private Task<List<(Guid Run, string Name)>> Some(CancellationToken stop) => database.Query(
        Over, row => (row.GetGuid(0), row.GetString(1)), stop, SqlValue.Of(settings.KeyMetricDays), SqlValue.Of(MostSeries));

    /// <summary>Its line last: as long as that is there, the next round finds what is left.</summary>
    private async Task Remove(Guid run, string name, CancellationToken stop)
    {
        const int atOnce = 200;
        const string some =
            """
            delete from experiment_points where ctid = any(array(
                select ctid from experiment_points where run = $1 and name = $2 limit $3))
            """;
        while (await database.Execute(some, stop, SqlValue.Of(run), SqlValue.Of(name), SqlValue.Of(atOnce)) == atOnce)
            stop.ThrowIfCancellationRequested();
        await database.Execute(
            "delete from experiment_series where run = $1 and name = $2", stop, SqlValue.Of(run), SqlValue.Of(name));
    }
}
