using System.Diagnostics;
using Fleet.Bench.Measuring;
using Fleet.Bench.Target;

namespace Fleet.Bench.Logs;

/// <summary>One job writes numbered lines; watchers follow it from before the first line to the end.</summary>
internal sealed class LogPhase(FleetApi api, ProcessMeter meter)
{
    public async Task<Dictionary<string, double>> Run(LogScenario scenario, int lines, CancellationToken stop)
    {
        var memoryBefore = ControlMemory();
        var before = meter.Read();
        var jobId = await api.SubmitScript("bench-logs", scenario.Script(lines), stop);
        var readers = await Open(jobId, scenario.Readers, lines, stop);
        var stalled = await Open(jobId, scenario.Stalled ? 1 : 0, lines, stop);

        var reading = Task.WhenAll(readers.Select(reader => Task.Run(() => reader.ReadAll(stop), stop)));
        var peak = await PeakControlMemory(reading, stop);
        await reading;
        var after = meter.Read();
        var job = await api.WaitForEnd(jobId, stop);
        var figures = Figures(job, readers, lines);
        after.AddUseSince(before, lines / 1000.0, measuredHere: false, figures);
        await CatchUp(stalled, figures, stop);

        figures["memory_control_before_mb"] = memoryBefore;
        figures["memory_control_peak_mb"] = peak;
        figures["memory_control_after_mb"] = ControlMemory();
        AddFaults([.. readers, .. stalled], figures);
        return figures;
    }

    private async Task<IReadOnlyList<LogWatcher>> Open(string jobId, int count, int lines, CancellationToken stop)
    {
        var watchers = Enumerable.Range(0, count).Select(_ => new LogWatcher(api, jobId, lines)).ToList();
        await Task.WhenAll(watchers.Select(watcher => watcher.Open(stop)));
        return watchers;
    }

    private static Dictionary<string, double> Figures(JobView job, IReadOnlyList<LogWatcher> readers, int lines)
    {
        if (job.State != "succeeded")
            throw new InvalidOperationException($"The job that writes lines ended as {job.State}.");
        var start = readers[0].Checker.StartedAt;
        var stored = Seconds(job.FinishedAt!.Value) - start;
        // the watchers' clock is the stopwatch, the script's is the wall: both are of this machine
        var now = (Wall: DateTimeOffset.UtcNow, Ticks: Stopwatch.GetTimestamp());
        var read = readers
            .Select(reader => Seconds(now.Wall - Stopwatch.GetElapsedTime(reader.EndedAt, now.Ticks)) - start)
            .ToList();
        return new Dictionary<string, double>
        {
            ["stored_per_s"] = lines / stored,
            ["delivered_per_s"] = lines * readers.Count / read.Max(),
            ["stored_s"] = stored,
            ["read_median_s"] = read.Order().ElementAt(read.Count / 2),
            ["read_last_s"] = read.Max(),
            ["lines_per_event"] = (double)lines / Math.Max(1, readers[0].Events),
        };
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static async Task CatchUp(
        IReadOnlyList<LogWatcher> stalled, Dictionary<string, double> figures, CancellationToken stop)
    {
        foreach (var watcher in stalled)
        {
            var start = Stopwatch.GetTimestamp();
            await watcher.ReadAll(stop);
            figures["stalled_catches_up_s"] = Stopwatch.GetElapsedTime(start, watcher.EndedAt).TotalSeconds;
        }
    }

    private static void AddFaults(IReadOnlyList<LogWatcher> watchers, Dictionary<string, double> figures)
    {
        figures["gaps"] = watchers.Sum(watcher => watcher.Checker.Missing);
        figures["duplicates"] = watchers.Sum(watcher => watcher.Checker.Repeated);
        figures["reconnects"] = watchers.Sum(watcher => watcher.Reconnects);
    }

    private async Task<double> PeakControlMemory(Task until, CancellationToken stop)
    {
        var peak = 0.0;
        while (!until.IsCompleted)
        {
            peak = Math.Max(peak, ControlMemory());
            await Task.WhenAny(until, Task.Delay(500, stop));
        }

        return peak;
    }

    private double ControlMemory() => meter.Memory()
        .Where(process => Roles.Of(process.Key) == "control")
        .Sum(process => process.Value) / 1e6;
}
