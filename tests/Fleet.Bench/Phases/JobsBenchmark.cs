using Fleet.Bench.Load;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;

namespace Fleet.Bench.Phases;

/// <summary>
/// No-op jobs through every system. Systems take turns, so that what disturbs the machine disturbs them alike.
/// </summary>
internal sealed class JobsBenchmark(BenchOptions options, ProcessMeter meter, ServerMeter servers, PhaseRunner phases)
{
    public const string Single = "single";
    public const string Lists = "lists";
    public const string Latency = "latency";
    public const string Drain = "drain";
    public const string Rows = "rows";
    public const string Way = "way";
    private const string WarmUp = "warm-up";

    private readonly ThroughputPhase _throughput = new(meter, options.InFlight);

    public async Task Run(IReadOnlyList<IJobSystem> systems)
    {
        foreach (var system in systems)
            await Throughput(WarmUp, system, options.WarmUpJobs, 1);
        for (var run = 1; run <= options.Runs; run++)
        {
            Progress.Say($"round {run} of {options.Runs}");
            foreach (var system in systems)
                await Throughput(Single, system, options.Jobs, 1);
            foreach (var system in systems.Where(system => system is not ReferenceInProcess))
                await Throughput(Lists, system, options.Jobs, options.ListSize);
        }

        foreach (var system in systems)
        {
            await phases.Run(Latency, system.Name, stop =>
                PacedPhase.Run(system, options.PacedPerSecond, options.PacedSeconds, stop));
        }
    }

    /// <summary>Everything but what works inside this program alone, whose broker is none.</summary>
    public async Task RunWay(IReadOnlyList<IJobSystem> systems)
    {
        var way = new WayPhase(_throughput, servers);
        foreach (var system in systems.Where(system => system is not ReferenceInProcess))
        {
            foreach (var size in (int[])[1, options.ListSize])
            {
                await phases.Run(Way, $"{system.Name}, {(size == 1 ? "one a request" : $"lists of {size}")}", stop =>
                    way.Run(system, options.Jobs, size, stop));
            }
        }
    }

    public Task RunDrain(DrainPhase drain, string subject) =>
        phases.Run(Drain, subject, stop => drain.Run(options.DrainJobs, stop));

    private Task Throughput(string section, IJobSystem system, int jobs, int listSize) =>
        phases.Run(section, system.Name, stop => _throughput.Run(system, jobs, listSize, stop));
}
