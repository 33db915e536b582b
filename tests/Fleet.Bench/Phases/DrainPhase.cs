using Fleet.Bench.Load;
using Fleet.Bench.Output;
using Fleet.Bench.Target;

namespace Fleet.Bench.Phases;

/// <summary>Jobs gather while no agent runs; then one fresh agent does them all.</summary>
internal sealed class DrainPhase(FleetOverHttp fleet, JobsTable table, Workers workers)
{
    private const int ListSize = 100;
    private const int InFlight = 8;

    public async Task<Dictionary<string, double>> Run(int jobs, CancellationToken stop)
    {
        var stopped = await workers.StopAll(stop);
        if (stopped.Count == 0)
            throw new InvalidOperationException("No agent runs (run/worker-1.pid).");
        var started = 0;
        try
        {
            fleet.Begin(jobs);
            await Gather(jobs, stop);
            Progress.Say($"  {jobs} jobs wait; {stopped[0]} starts");
            var start = DateTime.UtcNow;
            await workers.Start(stopped[started++], stop);
            await fleet.AllDone(stop);
            var outcome = await table.Outcome(fleet.RunName, stop);
            return new Dictionary<string, double>
            {
                ["drained_per_s"] = jobs / (outcome.LastFinished!.Value - outcome.FirstAssigned!.Value).TotalSeconds,
                ["from_start_s"] = (outcome.LastFinished.Value - start).TotalSeconds,
            };
        }
        finally
        {
            foreach (var name in stopped.Skip(started))
                await workers.Start(name, CancellationToken.None);
        }
    }

    private Task Gather(int jobs, CancellationToken stop) => Parallel.ForAsync(
        0,
        jobs / ListSize,
        new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = stop },
        async (_, cancel) => await fleet.Submit(ListSize, cancel));
}
