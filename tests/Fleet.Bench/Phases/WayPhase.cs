using Fleet.Bench.Load;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Phases;

/// <summary>What a job costs on its way: the throughput once more, and what broker and database counted meanwhile.</summary>
internal sealed class WayPhase(ThroughputPhase throughput, ServerMeter servers)
{
    public async Task<Dictionary<string, double>> Run(IJobSystem system, int jobs, int listSize, CancellationToken stop)
    {
        var before = await servers.AtRest(stop);
        var figures = await throughput.Run(system, jobs, listSize, stop);
        (await servers.AtRest(stop)).AddUseSince(before, jobs, figures);
        return figures;
    }
}
