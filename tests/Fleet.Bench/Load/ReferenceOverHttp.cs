using System.Diagnostics;
using Fleet.Bench.References;
using Fleet.Bench.Target;

namespace Fleet.Bench.Load;

/// <summary>A reference behind a Kestrel endpoint of this process, asked by the same client as Fleet.</summary>
internal sealed class ReferenceOverHttp(IReference reference, FleetApi api) : IJobSystem
{
    public string Name => $"{reference.Name}, HTTP";

    public bool RunsHere => true;

    public void Begin(int jobs) => reference.Board.Begin(jobs);

    public Task Submit(int count, CancellationToken stop) => api.SubmitNoops("bench", count, stop);

    public Task<long> AllDone(CancellationToken stop) => reference.Board.All.WaitAsync(stop);

    public async Task<JobTimes> SubmitAndWait(CancellationToken stop)
    {
        var sent = Stopwatch.GetTimestamp();
        var jobId = Guid.Parse(await api.SubmitNoop("bench", pool: null, stop));
        var accepted = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        var done = Stopwatch.GetElapsedTime(sent, await reference.Board.EndOf(jobId).WaitAsync(stop)).TotalMilliseconds;
        return new JobTimes(accepted, done, done);
    }
}
