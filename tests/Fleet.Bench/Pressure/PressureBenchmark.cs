using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Pressure;

/// <summary>
/// Half of what the fleet can do, minute by minute: before, while somebody holds a transaction open, and after it.
/// </summary>
internal sealed class PressureBenchmark(BenchOptions options, FleetHome home, ProcessMeter meter, PhaseRunner phases)
{
    public const string Section = "pressure";
    public const string Peak = "pressure peak";

    public async Task Run(CancellationToken stop)
    {
        using var api = new FleetApi(home.Edge, home.AdminKey);
        await using var table = new JobsTable(home.Postgres);
        await using var held = new HeldTransaction(home.Postgres);
        var fleet = new FleetOverHttp(api, table);
        var peak = 0.0;
        await phases.Run(Peak, fleet.Name, async patience =>
        {
            var throughput = new ThroughputPhase(meter, options.InFlight);
            await throughput.Run(fleet, options.WarmUpJobs, 1, patience);
            var figures = await throughput.Run(fleet, options.Jobs, 1, patience);
            peak = figures["completed_per_s"];
            return figures;
        });
        if (peak == 0)
            return;

        var pace = Math.Max(1, (int)(peak / 2));
        await Step("before", pace, fleet, table, held);
        await held.Open(stop);
        for (var done = 0; done < options.Held; done += options.Seconds)
            await Step($"held open since {done} s", pace, fleet, table, held);
        await held.Close(stop);
        await Step("since it ended", pace, fleet, table, held);
        await Step($"{options.Seconds} s after it ended", pace, fleet, table, held);
    }

    private Task Step(string name, int pace, FleetOverHttp fleet, JobsTable table, HeldTransaction held) =>
        phases.Run(Section, name, async stop =>
        {
            var jobs = pace * options.Seconds;
            fleet.Begin(jobs);
            await Pacer.Run(pace, jobs, () => fleet.Submit(1, stop), stop);
            await fleet.AllDone(stop);
            var figures = await table.Stamps(fleet.RunName, stop);
            figures["wanted_per_s"] = pace;
            await held.AddSizes(figures, stop);
            return figures;
        });
}
