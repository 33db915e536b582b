using Fleet.Contracts.Attempts;
using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work.Queue;

namespace Fleet.Control.Platform.Work.Attempts;

/// <summary>
/// Makes up for what every other mechanism may have missed. Lost attempts are <see cref="LeaseWatch"/>'s, messages
/// that were not confirmed the outbox's.
/// </summary>
internal sealed class WorkReconciler(
    WorkInvariants invariants,
    RateStarts starts,
    GroupCommit commits,
    WorkKinds kinds,
    IAgentChannel agents,
    Leadership leadership,
    DatabaseClock now,
    TimeProvider clock,
    LeaseSettings settings,
    ILogger<WorkReconciler> logger) : LeaderService(leadership, TimeSpan.FromSeconds(settings.ReconcileSeconds), clock)
{
    protected override async Task Round(CancellationToken stop)
    {
        await RaiseLostTimers(stop);
        await StopOverstaying(stop);
        await starts.Forget(stop);
    }

    protected override void RoundFailed(Exception failure) => WorkLog.NotReconciled(logger, failure.Message);

    private async Task RaiseLostTimers(CancellationToken stop)
    {
        var lost = await invariants.FindLostTimers(stop);
        await Task.WhenAll(lost.Select(timer =>
        {
            WorkLog.TimerWasLost(logger, timer.WorkId, timer.GetType().Name);
            return commits.Run([kinds.RowOf(timer.Kind, timer.WorkId)], unit => unit.Raise(timer), stop: stop);
        }));
    }

    private async Task StopOverstaying(CancellationToken stop)
    {
        foreach (var overstaying in (await invariants.FindOverstaying(now.Now, stop)).GroupBy(attempt => attempt.Agent))
        {
            WorkLog.AttemptsAreOver(logger, overstaying.Key, overstaying.Count());
            try
            {
                await Task.WhenAll(overstaying.Select(attempt => agents.Tell(
                    attempt.Agent, new StopAttempt(attempt.WorkId, attempt.Kind, attempt.Attempt, 0), stop)));
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                WorkLog.NotReconciled(logger, failure.Message); // one agent that cannot be told holds up no other
            }
        }
    }
}
