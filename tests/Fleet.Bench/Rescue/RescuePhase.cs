using System.Diagnostics;
using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Target;

namespace Fleet.Bench.Rescue;

/// <summary>
/// Gives every agent a job that only it may run, ends the agents, and watches until each job waits in the queue again.
/// Then the agents are started, for the next round.
/// </summary>
internal sealed class RescuePhase(FleetApi api, Workers workers)
{
    /// <summary>A heartbeat's: what has to be waited for depends on when the last one was.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    /// <param name="signal">How the agents are ended, such as <c>KILL</c>.</param>
    public async Task<Dictionary<string, double>> Run(string signal, int tries, CancellationToken stop)
    {
        var times = new Latencies();
        for (var left = tries; left > 0;)
        {
            var agents = workers.Running().Take(left).ToList();
            if (agents.Count == 0)
                throw new InvalidOperationException("No agent runs (run/worker-1.pid).");
            await Round(signal, agents, times, stop);
            left -= agents.Count;
            Progress.Say($"  {tries - left} of {tries} tries");
        }

        var figures = new Dictionary<string, double> { ["tries"] = tries };
        times.AddTo(figures, "queued");
        return figures;
    }

    private async Task Round(string signal, IReadOnlyList<string> agents, Latencies times, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(agents.Select(agent => Try(signal, agent, times, stop)));
        }
        finally
        {
            foreach (var agent in agents)
                await workers.Start(agent, CancellationToken.None);
        }
    }

    private async Task Try(string signal, string agent, Latencies times, CancellationToken stop)
    {
        var jobId = await api.SubmitSleep("bench-rescue", agent, stop);
        await Becomes(jobId, "running", stop);
        await Task.Delay(LongestWait * Random.Shared.NextDouble(), stop);
        var since = Stopwatch.GetTimestamp();
        await workers.Signal(agent, signal, stop);
        await Becomes(jobId, "queued", stop);
        times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        await api.Cancel(jobId, stop);
    }

    private async Task Becomes(string jobId, string state, CancellationToken stop)
    {
        while ((await api.Show(jobId, stop)) is var job && job.State != state)
        {
            if (job.IsOver)
                throw new InvalidOperationException($"Job {jobId} is {job.State}, and should have become {state}.");
            await Task.Delay(Glance, stop);
        }
    }
}
