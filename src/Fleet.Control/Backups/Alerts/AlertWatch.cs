using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Fleet.Protocol.Ids;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Backups.Alerts;

/// <summary>
/// By the clock, on the Control that leads: raises alerts that have a reason and are not there, and resolves those whose reason is
/// gone. Also forgets questions that nobody waits for any more.
/// </summary>
internal sealed class AlertWatch(
    Leadership leadership, BackupSettings settings, IDbContextFactory<FleetDbContext> contexts, AlertReasons reasons,
    DomainEventWriters events, DatabaseClock time, TimeProvider clock, ILogger<AlertWatch> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(settings.AlertSeconds), clock)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(6);

    protected override void RoundFailed(Exception failure) => BackupLog.NotWatched(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var all = await db.Database.BeginTransactionAsync(stop);
        var wanted = (await reasons.Find(db, time.Now, stop)).DistinctBy(alert => alert.Key).ToDictionary(alert => alert.Key);
        var news = new List<DomainEvent>();
        foreach (var alert in await db.Set<Alert>().Where(alert => alert.State != Alert.Resolved).ToListAsync(stop))
        {
            if (wanted.Remove(alert.Key, out var still))
                Renew(alert, still);
            else
                news.Add(Resolve(alert));
        }

        foreach (var alert in wanted.Values)
        {
            (alert.Id, alert.RaisedAt, alert.ChangedAt) = (WireId.New(), time.Now, time.Now);
            db.Add(alert);
            news.Add(AlertEvents.Of(alert, AlertEvents.Raised, time.Now));
        }

        await db.SaveChangesAsync(stop);
        var tell = await events.Owe(db, news, stop);
        await all.CommitAsync(stop);
        tell();
        await Tidy(db, stop);
    }

    private void Renew(Alert alert, Alert reason)
    {
        if (alert.Message == reason.Message && alert.BackupId == reason.BackupId)
            return;
        (alert.Message, alert.BackupId, alert.Agent, alert.ChangedAt) = (reason.Message, reason.BackupId, reason.Agent, time.Now);
    }

    private DomainEvent Resolve(Alert alert)
    {
        (alert.State, alert.ResolvedAt, alert.ChangedAt) = (Alert.Resolved, time.Now, time.Now);
        return AlertEvents.Of(alert, AlertEvents.Resolved, time.Now);
    }

    private async Task Tidy(FleetDbContext db, CancellationToken stop)
    {
        var (old, abandoned) = (time.Now.AddDays(-settings.KeepAlertDays), time.Now - AbandonedAfter);
        await db.Set<Alert>().Where(alert => alert.ResolvedAt < old).ExecuteDeleteAsync(stop);
        await db.Set<Snapshots.SnapshotQuestion>().Where(question => question.AskedAt < abandoned).ExecuteDeleteAsync(stop);
        await db.Set<Snapshots.SnapshotAnswerPiece>()
            .Where(piece => !db.Set<Snapshots.SnapshotQuestion>().Any(question => question.Id == piece.Question)).ExecuteDeleteAsync(stop);
    }
}
