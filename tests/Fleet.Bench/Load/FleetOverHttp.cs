using System.Diagnostics;
using Fleet.Bench.Target;

namespace Fleet.Bench.Load;

/// <summary>Fleet through its edge. Each run's jobs carry a name of their own, by which they are counted.</summary>
/// <param name="pool">The agents that single submissions are meant for, by their label; null means any.</param>
internal sealed class FleetOverHttp(FleetApi api, JobsTable table, string? pool = null) : IJobSystem
{
    private int _expected;

    public string Name => "Fleet, HTTP through the edge";

    public bool RunsHere => false;

    /// <summary>The name of the current run's jobs.</summary>
    public string RunName { get; private set; } = "";

    public void Begin(int jobs)
    {
        _expected = jobs;
        RunName = $"bench-{Guid.NewGuid():N}";
    }

    public Task Submit(int count, CancellationToken stop) => api.SubmitNoops(RunName, count, stop);

    public async Task<long> AllDone(CancellationToken stop)
    {
        var end = await table.NoneLeft(RunName, stop);
        (await table.Outcome(RunName, stop)).MustBe(_expected);
        return end;
    }

    /// <summary>The end is seen by a long poll that is opened as soon as the submission is answered.</summary>
    public async Task<JobTimes> SubmitAndWait(CancellationToken stop)
    {
        var sentAt = DateTimeOffset.UtcNow;
        var sent = Stopwatch.GetTimestamp();
        var jobId = await api.SubmitNoop(RunName, pool, stop);
        var accepted = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        var job = await api.WaitForEnd(jobId, stop);
        var seen = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        return new JobTimes(accepted, seen, (job.FinishedAt!.Value - sentAt).TotalMilliseconds);
    }
}
