using System.Diagnostics;
using System.Globalization;

namespace Fleet.Bench.Measuring;

/// <summary>
/// CPU by role while something goes on, as a share of one core: the mean, and the busiest second. Processes may end and
/// be started again meanwhile.
/// </summary>
internal sealed class UseWatch : IAsyncDisposable
{
    private const string Strangers = "strangers";

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private readonly Dictionary<string, double> _used = [];
    private readonly Dictionary<string, double> _peak = [];
    private readonly ProcessMeter _meter;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Task _watching;

    public UseWatch(ProcessMeter meter)
    {
        _meter = meter;
        _watching = Watch();
    }

    /// <summary>Ends the watch; figures are in percent, memory as it is now in MB, and the machine's load.</summary>
    public async Task AddTo(Dictionary<string, double> figures)
    {
        await End();
        var seconds = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        foreach (var (role, used) in _used)
            figures[$"cpu_{role}_percent"] = 100 * used / seconds;
        foreach (var (role, share) in _peak)
            figures[$"cpu_{role}_peak_percent"] = 100 * share;
        foreach (var role in _meter.Memory().GroupBy(process => Roles.Of(process.Key)))
            figures[$"memory_{role.Key}_mb"] = role.Sum(process => process.Value) / 1e6;
        figures["load"] = double.Parse(
            (await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _over.Dispose();
    }

    private async Task End()
    {
        await _over.CancelAsync();
        await _watching;
    }

    private async Task Watch()
    {
        var (before, since) = (_meter.Read(), Stopwatch.GetTimestamp());
        while (!_over.IsCancellationRequested)
        {
            await Task.Delay(Step, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var (now, at) = (_meter.Read(), Stopwatch.GetTimestamp());
            Count(before, now, Stopwatch.GetElapsedTime(since, at));
            (before, since) = (now, at);
        }
    }

    private void Count(MeterReading before, MeterReading now, TimeSpan elapsed)
    {
        var all = 0.0;
        foreach (var role in now.Cpu.GroupBy(process => Roles.Of(process.Key)))
        {
            var used = role.Sum(process => Since(before.Cpu.GetValueOrDefault(process.Key), process.Value));
            Count(role.Key, used, elapsed);
            all += used;
        }

        Count(Strangers, Math.Max(0, now.MachineBusy - before.MachineBusy - all), elapsed);
    }

    private void Count(string role, double used, TimeSpan elapsed)
    {
        _used[role] = _used.GetValueOrDefault(role) + used;
        if (elapsed >= Step / 2) // in less the clock's ticks show
            _peak[role] = Math.Max(_peak.GetValueOrDefault(role), used / elapsed.TotalSeconds);
    }

    // less than before: it is another process of the same name
    private static double Since(double before, double now) => now >= before ? now - before : now;
}
