using System.Diagnostics.Metrics;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Removal;
using Npgsql;

namespace Fleet.Control.Platform.Work.Retention;

/// <summary>
/// Removes work whose time is over, on the Control that leads: step by step, each as large as a tenth of a second allows,
/// with rests between them. What a process left half removed is finished first.
/// </summary>
internal sealed class RetentionSweeper(
    RetentionStore store,
    RetentionWalk walk,
    WorkRemoval removal,
    RetentionSettings settings,
    Leadership leadership,
    DatabaseClock now,
    TimeProvider clock,
    ILogger<RetentionSweeper> logger) : LeaderService(leadership, TimeSpan.FromSeconds(settings.PollSeconds), clock)
{
    private const int FewestAtOnce = 10;
    private const int MostAtOnce = 500;
    private const int UnfinishedAtOnce = 20;

    private static readonly TimeSpan WantedStep = TimeSpan.FromMilliseconds(100);

    /// <summary>Whoever took work out may still be at it himself.</summary>
    private static readonly TimeSpan OwnTime = TimeSpan.FromSeconds(5);

    private readonly Meter _meter = new("Fleet.Control");
    private int _atOnce = 100;
    private Counter<long>? _removed;

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <summary>Everything that is due now.</summary>
    public async Task Sweep(CancellationToken stop)
    {
        await EraseUnfinished(stop);
        walk.Begin(await store.Plan(stop));
        await Take(await walk.Aside(now.Now, stop), new Throttle(settings.Share, Clock), stop);
        var pace = new Throttle(settings.Share, Clock);
        while (await walk.Next(now.Now, _atOnce, stop) is { More: true } found)
        {
            await Take(found.Due, pace, stop);
            await pace.Rest(stop);
            Adapt(pace.Took);
            if (!IsLeading)
                return;
        }

        await store.HasLooked(stop);
    }

    protected override async Task Round(CancellationToken stop)
    {
        try
        {
            await Sweep(stop);
        }
        catch
        {
            walk.Restart(); // it may have passed what was not removed
            throw;
        }
    }

    protected override void RoundFailed(Exception failure) => WorkLog.RetentionFailed(logger, failure.Message);

    private async Task Take(Guid[] due, Throttle pace, CancellationToken stop)
    {
        if (due.Length == 0)
            return;
        var taken = await removal.TakeOut(due, stop, Note);
        walk.SetAside(due.Except(taken));
        await removal.Erase(taken, stop, pace);
        _removed ??= _meter.CreateCounter<long>("fleet.retention.jobs", "{job}", "Work removed because its time was over.");
        _removed.Add(taken.Length);
    }

    /// <summary>Nobody asked for it, and it is in the audit all the same.</summary>
    private async Task Note(NpgsqlConnection connection, IReadOnlyList<RemovedRow> taken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(RetentionStore.NoteRemoved, SqlValue.Of((long)taken.Count));
        AuditSql.AddInserts(batch, [.. taken.GroupBy(row => row.Family).Select(family => AuditRow.OfItself(
            "retention", $"{family.Key}.delete", [.. family.Select(row => row.Id)], now.Now))]);
        await batch.ExecuteNonQueryAsync();
    }

    private async Task EraseUnfinished(CancellationToken stop)
    {
        while (await removal.Unfinished(UnfinishedAtOnce, OwnTime, stop) is { Length: > 0 } left)
            await removal.Erase(left, stop, new Throttle(settings.Share, Clock));
    }

    private void Adapt(TimeSpan took) => _atOnce = Math.Clamp(
        took > WantedStep * 1.5 ? _atOnce / 2 : took < WantedStep / 2 ? _atOnce * 3 / 2 : _atOnce, FewestAtOnce, MostAtOnce);
}
