using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Jobs;

/// <summary>
/// Finds attempts that nobody answers for: their agent fell silent, started anew, never took them, or no longer names
/// them. The event names the attempt, so a verdict that comes late changes nothing.
/// </summary>
internal sealed class JobLeaseWatch(
    IDbContextFactory<FleetDbContext> contexts,
    IAgentDirectory agents,
    GroupCommit commits,
    Leadership leadership,
    DatabaseClock clock,
    LeaseSettings settings,
    ILogger<JobLeaseWatch> logger) : BackgroundService, ILeaseWatch
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly WorkSignal _now = new();

    public void LookNow() => _now.Set();

    public override void Dispose()
    {
        _now.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _now.Wait(Interval, stoppingToken);
                if (leadership.IsMine)
                    await Look(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                JobLog.LeasesNotChecked(logger, failure.Message);
            }
        }
    }

    private async Task Look(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var inHand = await db.Set<Job>().AsNoTracking()
            .Where(job => job.State == nameof(JobLifecycle.Assigned)
                || job.State == nameof(JobLifecycle.Running)
                || job.State == nameof(JobLifecycle.Cancelling))
            .Select(job => new Held(
                job.CorrelationId, job.Attempt, job.State, job.Agent!, job.AgentSession, job.AssignedAt!.Value))
            .ToListAsync(stop);
        if (inHand.Count == 0)
            return;
        var presence = await agents.Presence(stop);
        var now = clock.Now;
        var lost = inHand.Select(job => (job.Id, job.Attempt, Reason: Verdict(job, presence.GetValueOrDefault(job.Agent), now)));
        await Task.WhenAll(lost.Where(job => job.Reason is not null).Select(job =>
        {
            JobLog.AttemptLost(logger, job.Id, job.Attempt, job.Reason!);
            return commits.Run(
                [Touch.Of<Job>(job.Id)], unit => unit.Raise(new AttemptLost(job.Id, job.Attempt, job.Reason!)));
        }));
    }

    /// <returns>Why the attempt is lost, or null when it is not.</returns>
    private string? Verdict(Held job, AgentPresence? agent, DateTimeOffset now)
    {
        if (agent is null || agent.Silence > TimeSpan.FromSeconds(settings.LeaseSeconds))
            return "agent_lost";
        if (agent.InHand.Contains((job.Id, job.Attempt)))
            return null;
        if (agent.Session != job.Session)
            return agent.BeatAt is null ? null : "agent_restarted"; // its first beat says what it knows of earlier ones
        if (agent.IsClosing)
            return "agent_stopped";
        var acceptance = TimeSpan.FromSeconds(settings.AcceptanceSeconds);
        var heardAfter = agent.BeatAt - job.AssignedAt; // one that is silent since may have begun: its lease decides
        if (job.State == nameof(JobLifecycle.Assigned))
            return heardAfter > acceptance / 2 && now - job.AssignedAt > acceptance ? "not_accepted" : null;
        return heardAfter > acceptance ? "not_in_hand" : null;
    }

    private sealed record Held(Guid Id, int Attempt, string State, string Agent, Guid? Session, DateTimeOffset AssignedAt);
}
