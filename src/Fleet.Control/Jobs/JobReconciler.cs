using Fleet.Contracts.Agents;
using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Persistence;
using Fleet.Hosting;

namespace Fleet.Control.Jobs;

/// <summary>
/// Makes up for what every other mechanism may have missed. Lost attempts are <see cref="JobLeaseWatch"/>'s, messages
/// that were not confirmed the outbox's.
/// </summary>
internal sealed class JobReconciler(
    JobOmissions omissions,
    JobStarts starts,
    GroupCommit commits,
    BusSender bus,
    Leadership leadership,
    LeaseSettings settings,
    ILogger<JobReconciler> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(settings.ReconcileSeconds));
        while (await clock.WaitForNextTickAsync(stoppingToken))
        {
            if (!leadership.IsMine)
                continue;
            try
            {
                await RaiseLostTimers(stoppingToken);
                await StopOverstaying(stoppingToken);
                await starts.Forget(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                JobLog.NotReconciled(logger, failure.Message);
            }
        }
    }

    private async Task RaiseLostTimers(CancellationToken stop)
    {
        var lost = await omissions.FindLostTimers(stop);
        await Task.WhenAll(lost.Select(timer =>
        {
            JobLog.TimerWasLost(logger, timer.Job, timer.Timer.GetType().Name);
            return commits.Run([Touch.Of<Job>(timer.Job)], unit => unit.Raise(timer.Timer));
        }));
    }

    private async Task StopOverstaying(CancellationToken stop)
    {
        var overstaying = await omissions.FindOverstaying(stop);
        foreach (var (agent, attempts) in overstaying.GroupBy(attempt => attempt.Agent).Select(one => (one.Key, one.ToList())))
        {
            JobLog.AttemptsAreOver(logger, agent, attempts.Count);
            try
            {
                await Task.WhenAll(attempts.Select(attempt => bus.Tell(
                    AgentAddress.ExchangeOf(agent), new StopJob(attempt.Job, attempt.Attempt, 0), stop)));
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                JobLog.NotReconciled(logger, failure.Message); // one agent that cannot be told holds up no other
            }
        }
    }
}
