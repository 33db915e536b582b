using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Executions;

/// <summary>
/// By the clock, on the Control that leads: begins waves that may begin, stops executions whose brakes say so, and ends what is
/// still open of aborted ones.
/// </summary>
internal sealed class ExecutionRollout(
    Leadership leadership, ManifestSettings settings, IDbContextFactory<FleetDbContext> contexts, GroupCommit commits,
    ExecutionStart start, ExecutionStore store, ExecutionOperations operations, DatabaseClock time, TimeProvider clock,
    ILogger<ExecutionRollout> logger)
    : LeaderService(leadership, TimeSpan.FromSeconds(settings.RolloutSeconds), clock)
{
    /// <summary>How the reason begins of those that their brakes stopped.</summary>
    public const string Brakes = "brakes:";

    /// <summary>The reason of those that were resumed after that, until the next wave has begun.</summary>
    public const string Released = "released";

    private const int MostAtOnce = 100;

    protected override void RoundFailed(Exception failure) => ManifestLog.NotRolledOut(logger, failure.Message);

    protected override async Task Round(CancellationToken stop)
    {
        await using var db = await contexts.CreateDbContextAsync(stop);
        var now = time.Now;
        var due = await db.Set<Execution>().AsNoTracking()
            .Where(execution => execution.State == ExecutionStates.Running && execution.WaveAt <= now)
            .OrderBy(execution => execution.WaveAt).Take(MostAtOnce).ToListAsync(stop);
        foreach (var execution in due)
            await GoOn(execution, stop);
        var aborted = await db.Set<Execution>().AsNoTracking()
            .Where(execution => execution.State == ExecutionStates.Aborted && execution.Open > 0)
            .OrderBy(execution => execution.CorrelationId).Take(MostAtOnce).ToListAsync(stop);
        foreach (var execution in aborted)
            await operations.CancelOpen(execution.CorrelationId, execution.Reason ?? "", execution.EndsRunning, stop);
    }

    private async Task GoOn(Execution found, CancellationToken stop)
    {
        var waiting = await store.Waiting(found.CorrelationId, found.Wave, ExecutionStart.MostAtOnce, stop);
        await commits.Run(start.Rows(found, waiting), async unit =>
        {
            if (await unit.Find<Execution>(found.CorrelationId) is not { State: ExecutionStates.Running } execution
                || execution.Wave != found.Wave || execution.WaveAt is null)
                return;
            if (Holds(execution))
                return;
            if (WhyNot(execution) is { } reason)
            {
                (execution.State, execution.Reason) = (ExecutionStates.Paused, reason);
                unit.Change(execution);
                return;
            }

            var hosts = new List<ExecutionHost>();
            foreach (var one in waiting)
            {
                if (await unit.Find<ExecutionHost>(one.CorrelationId) is { State: HostStates.Waiting } host)
                    hosts.Add(host);
            }

            await ExecutionStart.Submit(
                unit, execution, hosts, waiting.Count < ExecutionStart.MostAtOnce ? hosts.Count : int.MaxValue);
            if (execution.Reason == Released && execution.Wave > found.Wave)
                execution.Reason = null;
            unit.Change(execution);
        }, stop: stop);
    }

    /// <summary>With brakes, what is under way has to be over first.</summary>
    private static bool Holds(Execution execution) =>
        execution.Wave > 0 && execution.Open > execution.Waiting && ExecutionStart.TermsOf(execution).HasBrakes;

    private static string? WhyNot(Execution execution)
    {
        var over = execution.Succeeded + execution.Failed;
        return execution.Wave > 0 && execution.Reason != Released && ExecutionStart.TermsOf(execution).Stops(execution.Failed, over)
            ? $"{Brakes} {execution.Failed} of {over} failed before wave {execution.Wave + 1}"
            : null;
    }
}
