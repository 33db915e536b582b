using System.Diagnostics.Metrics;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Cluster;

/// <summary>
/// What is done in rounds, on the Control that leads alone. After a passing failure of the database the next round tries
/// again. Any other failure may come again with every round: it is an error, is counted, and each further one in a row is
/// waited for longer, so that one loop that cannot go on neither ends the process nor keeps the database busy.
/// </summary>
/// <param name="interval">Between two rounds.</param>
internal abstract class LeaderService(Leadership leadership, TimeSpan interval, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(1);

    private static readonly Meter Meter = new("Fleet.Control");
    private static readonly Counter<long> Failures = Meter.CreateCounter<long>(
        "fleet.leader.failures", "{round}", "Rounds of the leader that failed otherwise than with the database, by loop.");

    protected bool IsLeading => leadership.IsMine;

    protected TimeProvider Clock => clock;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var pause = Pause(interval, stoppingToken);
        for (var failures = 0; ;)
        {
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                if (IsLeading)
                    await Round(stoppingToken);
                failures = 0;
            }
            catch (Exception failure) when (DatabaseFailure.IsPassing(failure) && !stoppingToken.IsCancellationRequested)
            {
                RoundFailed(failure);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                failures++;
                Failures.Add(1, new KeyValuePair<string, object?>("loop", GetType().Name));
                leadership.LoopFailed(GetType().Name, failure);
            }

            pause = failures == 0 ? Pause(interval, stoppingToken) : Task.Delay(BackOff(failures), clock, stoppingToken);
        }
    }

    protected abstract Task Round(CancellationToken stop);

    /// <summary>A passing failure of the database; the next round tries again.</summary>
    protected abstract void RoundFailed(Exception failure);

    protected virtual Task Pause(TimeSpan atMost, CancellationToken stop) => Task.Delay(atMost, clock, stop);

    private TimeSpan BackOff(int failures)
    {
        var grown = FirstBackOff * Math.Pow(2, Math.Min(failures - 1, 10));
        grown = grown < LongestBackOff ? grown : LongestBackOff;
        return grown > interval ? grown : interval;
    }
}
