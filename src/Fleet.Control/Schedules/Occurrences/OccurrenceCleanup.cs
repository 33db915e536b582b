using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Declared;
using Npgsql;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>By the clock: forgets occurrences that are too old, or whose schedule is gone. What is under way stays.</summary>
internal sealed class OccurrenceCleanup(
    NpgsqlDataSource database, DeclaredStore declared, Leadership leadership, ScheduleSettings settings, TimeProvider clock,
    ILogger<OccurrenceCleanup> logger)
    : LeaderService(leadership, TimeSpan.FromMinutes(1), clock)
{
    private const int Batch = 5000;

    private static readonly string Old =
        $"""
        delete from schedule_occurrences where id in (
            select id from schedule_occurrences where recorded_at < now() - $1 and not is_open limit {Batch})
        """;

    private static readonly string Orphans =
        $"""
        delete from schedule_occurrences where id in (
            select kept.id from schedule_occurrences kept left join schedules on schedules.id = kept.schedule_id
            where schedules.id is null and not kept.is_open and kept.schedule_id <> all ($1) limit {Batch})
        """;

    public async Task Tidy(CancellationToken stop)
    {
        while (await database.Execute(Old, stop, SqlValue.Of(TimeSpan.FromDays(settings.KeepDays))) == Batch)
        {
            // a full batch means that there is more
        }

        var others = await declared.Ids(stop);
        await database.Execute(Orphans, stop, SqlValue.Of(others));
        await database.Execute("delete from schedules_failing where schedule_id <> all ($1)", stop, SqlValue.Of(others));
    }

    protected override Task Round(CancellationToken stop) => Tidy(stop);

    protected override void RoundFailed(Exception failure) => ScheduleLog.NotTidied(logger, failure.Message);
}
