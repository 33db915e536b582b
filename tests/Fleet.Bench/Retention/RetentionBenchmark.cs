using System.Diagnostics;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Retention;

/// <summary>
/// Removes many finished jobs while a light load runs, makes as many again, and looks whether the tables grew.
/// </summary>
internal sealed class RetentionBenchmark(
    BenchOptions options, FleetApi api, FleetOverHttp fleet, FinishedJobs finished, PhaseRunner phases)
{
    public const string Section = "retention";
    public const string Sizes = "retention sizes";

    private readonly string _label = Guid.NewGuid().ToString("N");

    public async Task Run()
    {
        await phases.Run(Sizes, "full", async stop =>
        {
            await Make("stays", stop);
            await Make(_label, stop);
            await finished.Vacuum(stop);
            return await finished.Sizes(stop);
        });
        await phases.Run("warm-up", "load", stop => Load(options.PacedSeconds, stop));
        await phases.Run(Section, "load alone", stop => Load(options.PacedSeconds, stop));
        await phases.Run(Section, "load and removal", LoadAndRemoval);
        await phases.Run(Sizes, "after removal", finished.Sizes);
        await phases.Run(Sizes, "as many made again", async stop =>
        {
            await finished.Vacuum(stop);
            await Make("again", stop);
            return await finished.Sizes(stop);
        });
    }

    private Task<Dictionary<string, double>> Load(int seconds, CancellationToken stop) =>
        PacedPhase.Run(fleet, options.PacedPerSecond, seconds, stop);

    private async Task<Dictionary<string, double>> LoadAndRemoval(CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        var rule = await api.RemoveLabelled("bench", _label, stop);
        var gone = finished.Gone(_label, stop);
        Latencies accepted = new(), seen = new();
        while (!gone.IsCompleted)
            await Pacer.Run(options.PacedPerSecond, options.PacedPerSecond, () => Once(accepted, seen, stop), stop);
        await gone;
        var seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
        await api.DropRule(rule, stop);
        var figures = new Dictionary<string, double>
        {
            ["removal_s"] = seconds,
            ["removed_per_s"] = options.Removed / seconds,
        };
        accepted.AddTo(figures, "submit");
        seen.AddTo(figures, "done");
        return figures;
    }

    private async Task Once(Latencies accepted, Latencies seen, CancellationToken stop)
    {
        var times = await fleet.SubmitAndWait(stop);
        accepted.Add(times.Accepted);
        seen.Add(times.Seen);
    }

    private async Task Make(string label, CancellationToken stop)
    {
        fleet.Begin(1);
        var job = await api.SubmitNoop(fleet.RunName, null, stop);
        await api.WaitForEnd(job, stop);
        await finished.Make(fleet.RunName, label, options.Removed, stop);
        Progress.Say($"  {options.Removed:N0} finished jobs made");
    }
}
