using Fleet.Bench.Load;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Phases;

/// <summary>What one job takes when the system has time: a few submissions a second, evenly.</summary>
internal static class PacedPhase
{
    public static async Task<Dictionary<string, double>> Run(
        IJobSystem system, int perSecond, int seconds, CancellationToken stop)
    {
        Latencies accepted = new(), seen = new(), stamped = new();
        system.Begin(perSecond * seconds);
        await Pacer.Run(perSecond, perSecond * seconds, Once, stop);

        var figures = new Dictionary<string, double>();
        accepted.AddTo(figures, "submit");
        seen.AddTo(figures, "done");
        stamped.AddTo(figures, "stamped");
        return figures;

        async Task Once()
        {
            var times = await system.SubmitAndWait(stop);
            accepted.Add(times.Accepted);
            seen.Add(times.Seen);
            stamped.Add(times.Stamped);
        }
    }
}
