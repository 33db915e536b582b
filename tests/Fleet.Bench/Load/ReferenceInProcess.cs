using System.Diagnostics;
using Fleet.Bench.References;

namespace Fleet.Bench.Load;

/// <summary>A reference whose submissions are method calls.</summary>
internal sealed class ReferenceInProcess(IReference reference) : IJobSystem
{
    public string Name => $"{reference.Name}, in process";

    public bool RunsHere => true;

    public void Begin(int jobs) => reference.Board.Begin(jobs);

    public Task Submit(int count, CancellationToken stop) =>
        reference.Submit([.. Enumerable.Range(0, count).Select(_ => Guid.CreateVersion7())], stop);

    public Task<long> AllDone(CancellationToken stop) => reference.Board.All.WaitAsync(stop);

    public async Task<JobTimes> SubmitAndWait(CancellationToken stop)
    {
        var jobId = Guid.CreateVersion7();
        var sent = Stopwatch.GetTimestamp();
        await reference.Submit([jobId], stop);
        var accepted = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        var done = Stopwatch.GetElapsedTime(sent, await reference.Board.EndOf(jobId).WaitAsync(stop)).TotalMilliseconds;
        return new JobTimes(accepted, done, done);
    }
}
