using System.Diagnostics;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Phases;

/// <summary>Submits with a fixed number of requests in flight, and waits for the last durable end.</summary>
internal sealed class ThroughputPhase(ProcessMeter meter, int inFlight)
{
    /// <summary>Work that trails the last job, such as acknowledgements, counts as its cost too.</summary>
    private static readonly TimeSpan Afterwork = TimeSpan.FromMilliseconds(300);

    /// <param name="listSize">Jobs per submission.</param>
    public async Task<Dictionary<string, double>> Run(IJobSystem system, int jobs, int listSize, CancellationToken stop)
    {
        var figures = new Dictionary<string, double>();
        var answers = new Latencies();
        system.Begin(jobs);
        var before = meter.Read();
        var start = Stopwatch.GetTimestamp();

        await Parallel.ForAsync(
            0,
            jobs / listSize,
            new ParallelOptions { MaxDegreeOfParallelism = inFlight, CancellationToken = stop },
            async (_, cancel) =>
            {
                var sent = Stopwatch.GetTimestamp();
                await system.Submit(listSize, cancel);
                answers.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            });
        figures["submitted_per_s"] = jobs / Stopwatch.GetElapsedTime(start).TotalSeconds;
        figures["completed_per_s"] = jobs / Stopwatch.GetElapsedTime(start, await system.AllDone(stop)).TotalSeconds;
        answers.AddTo(figures, "submit");

        await Task.Delay(Afterwork, stop);
        meter.Read().AddUseSince(before, jobs, system.RunsHere, figures);
        foreach (var role in meter.Memory().GroupBy(process => Roles.Of(process.Key)))
            figures[$"memory_{role.Key}_mb"] = role.Sum(process => process.Value) / 1e6;
        return figures;
    }
}
