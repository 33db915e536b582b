using System.Collections.Concurrent;
using Fleet.Chaos.Load;
using Fleet.Chaos.Output;

namespace Fleet.Chaos.Faults;

/// <summary>
/// Carries a schedule out, one fault after the other, and measures after each how soon the fleet works again. It does
/// not wait long for that: what has not recovered by then meets the next one.
/// </summary>
internal sealed class FaultRunner(FaultKit kit, Probe probe, RunLog log)
{
    private static readonly TimeSpan PatienceForRecovery = TimeSpan.FromSeconds(20);

    private readonly ConcurrentBag<FaultRecord> _records = [];
    private readonly List<Task> _measuring = [];

    /// <summary>Records in the order of the schedule; those that were not reached are not among them.</summary>
    public async Task<IReadOnlyList<FaultRecord>> Run(
        IReadOnlyList<PlannedFault> schedule, TimeSpan length, CancellationToken stop)
    {
        var end = log.Elapsed + length;
        foreach (var planned in schedule)
        {
            if (log.Elapsed >= end)
                break;
            await Run(planned, stop);
        }

        await Task.WhenAll(_measuring);
        return [.. _records.OrderBy(record => record.Planned.Number)];
    }

    private async Task Run(PlannedFault planned, CancellationToken stop)
    {
        var fault = kit.Make(planned);
        if (fault.WhyNot is { } reason)
        {
            log.Say($"{planned.Name} is left out: {reason}");
            _records.Add(new FaultRecord(planned, log.Elapsed, log.Elapsed, null, null, reason));
            return;
        }

        log.Say($"{planned}");
        var agent = planned.Target?.StartsWith("worker-", StringComparison.Ordinal) == true ? planned.Target : null;
        var beganAt = log.Elapsed;
        await Try(fault.Begin, planned, stop);
        var sinceBegin = probe.Run(agent, stop);
        var companion = KillMeanwhile(planned, stop);
        await Task.Delay(planned.Hold, stop);
        await Try(fault.End, planned, stop);
        var endedAt = log.Elapsed;
        var sinceEnd = probe.Run(agent, stop);
        await companion;

        var measured = Measure(planned, beganAt, endedAt, sinceBegin, sinceEnd);
        _measuring.Add(measured);
        await Task.WhenAny(measured, Task.Delay(PatienceForRecovery, stop));
        await Task.Delay(planned.Pause, stop);
    }

    /// <summary>What cannot be broken, or not be mended, is told; the run goes on.</summary>
    private async Task Try(Func<CancellationToken, Task> step, PlannedFault planned, CancellationToken stop)
    {
        try
        {
            await step(stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.Say($"{planned.Name}: {failure.Message}");
        }
    }

    private async Task KillMeanwhile(PlannedFault planned, CancellationToken stop)
    {
        if (planned.Companion is null)
            return;
        await Task.Delay(planned.Hold / 3, stop);
        var kill = kit.Kill(planned.Companion);
        await kill.Begin(stop);
        await kill.End(stop);
    }

    private async Task Measure(
        PlannedFault planned, TimeSpan beganAt, TimeSpan endedAt, Task<TimeSpan?> sinceBegin, Task<TimeSpan?> sinceEnd)
    {
        var record = new FaultRecord(planned, beganAt, endedAt, await sinceBegin, await sinceEnd, null);
        _records.Add(record);
        log.Say($"     {planned.Name} recovered {Words(record.SinceBegin)} after its begin, "
            + $"{Words(record.SinceEnd)} after its end");
    }

    private static string Words(TimeSpan? time) => time is { } known ? $"{known.TotalSeconds:0.0} s" : "NOT";
}
