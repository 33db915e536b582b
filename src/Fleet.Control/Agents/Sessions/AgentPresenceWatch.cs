using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents.Sessions;

/// <summary>
/// Tells of agents that came or fell silent. A row keeps what was told of it last, so each change is told once, also
/// where the leader changes meanwhile.
/// </summary>
internal sealed class AgentPresenceWatch(
    IDbContextFactory<FleetDbContext> contexts,
    AgentEvents news,
    Leadership leadership,
    LeaseSettings settings,
    TimeProvider clock,
    ILogger<AgentPresenceWatch> logger) : LeaderService(leadership, TimeSpan.FromSeconds(1), clock)
{
    private const int Batch = 200;

    protected override async Task Round(CancellationToken stop)
    {
        while (IsLeading && await TellSome(stop) == Batch)
        {
            // a full batch means that there is more
        }
    }

    protected override void RoundFailed(Exception failure) => AgentLog.PresenceNotTold(logger, failure.Message);

    /// <summary>An agent whose row somebody else changes at this moment is left to the next look.</summary>
    private async Task<int> TellSome(CancellationToken stop)
    {
        var silence = TimeSpan.FromSeconds(settings.OfflineSeconds);
        await using var db = await contexts.CreateDbContextAsync(stop);
        await using var transaction = await db.Database.BeginTransactionAsync(stop);
        var changed = await db.Set<Agent>().FromSql(
            $"""
            update agents set told_online = not told_online where name in (
                select name from agents
                where told_online <> (revoked_at is null and coalesce(seen_at > now() - {silence}
                    and case when told_online then coalesce(beat_at, session_at) else beat_at end > now() - {silence}, false))
                order by name limit {Batch} for update skip locked)
            returning *
            """).AsNoTracking().ToListAsync(stop);
        if (changed.Count == 0)
            return 0;
        var told = await news.Tell(db, changed, agent => agent.ToldOnline ? AgentEvents.Online : AgentEvents.Offline, stop);
        await transaction.CommitAsync(stop);
        told();
        return changed.Count;
    }
}
