using Fleet.Bench.Measuring;
using Fleet.Bench.Output;
using Fleet.Bench.Phases;
using Fleet.Bench.Target;

namespace Fleet.Bench.Schedules;

/// <summary>Many schedules of one minute each, and as many triggers of Quartz alone.</summary>
internal sealed class SchedulesBenchmark(BenchOptions options, FleetHome home, PhaseRunner phases)
{
    public const string Section = "schedules";
    public const string Fleet = "Fleet";
    public const string Bare = "bare Quartz, no ledger, no jobs";

    /// <summary>For what is late to come, after the due times that count.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    public async Task Run()
    {
        using var door = new ScheduleDoor(home.Edge, home.AdminKey);
        await using var ledger = new ScheduleLedger(home.Postgres);
        await phases.Run("clean up", "schedules of earlier runs", Clean);
        await phases.Run(Section, "at rest", stop => Watched(home.Processes, () =>
            Task.Delay(TimeSpan.FromSeconds(Math.Min(options.Seconds, 10)), stop)));
        try
        {
            await phases.Run(Section, Fleet, stop => OfFleet(door, ledger, stop));
        }
        finally
        {
            using var patience = new CancellationTokenSource(options.SchedulesLimit); // whatever stopped the run
            await door.DeleteAll(patience.Token);
        }

        await phases.Run(Section, Bare, stop => OfQuartz(ledger, stop));

        async Task<Dictionary<string, double>> Clean(CancellationToken stop)
        {
            await door.DeleteAll(stop);
            return [];
        }
    }

    private async Task<Dictionary<string, double>> OfFleet(ScheduleDoor door, ScheduleLedger ledger, CancellationToken stop)
    {
        var label = Guid.NewGuid().ToString("N");
        var zero = (await ledger.NextSecond(stop)).AddMinutes(-1);
        var paths = await door.Make(options.Schedules, zero, label, stop);
        var begin = await ledger.NextSecond(stop);
        Progress.Say($"  {paths.Count:N0} schedules made");
        var reading = new ReadingPhase(door, paths);
        var figures = await Watched(home.Processes, () => reading.Run(options.Seconds, stop));
        await Task.Delay(Grace, stop);
        Punctuality.AddTo(figures, await ledger.Started(begin, options.Seconds, stop), Due(begin, zero));
        figures["doubles"] += await ledger.Doubles(label, stop);
        reading.AddTo(figures);
        return figures;
    }

    /// <summary>Its triggers are stored before the first is due: at a hundred a second at least.</summary>
    private async Task<Dictionary<string, double>> OfQuartz(ScheduleLedger ledger, CancellationToken stop)
    {
        var zero = (await ledger.NextSecond(stop)).AddSeconds(5 + (options.Schedules / 100));
        await using var quartz = await WatchedBareQuartz.Start(home.Postgres, options.Schedules, zero, stop);
        Progress.Say($"  {options.Schedules:N0} triggers stored");
        var next = await ledger.NextSecond(stop);
        var begin = next > zero ? next : zero;
        await Task.Delay(begin - next, stop);
        var pid = quartz.Pid;
        var figures = await Watched(
            () => new Dictionary<string, int>(home.Processes()) { [WatchedBareQuartz.Role] = pid },
            () => Task.Delay(TimeSpan.FromSeconds(options.Seconds), stop));
        await Task.Delay(Grace, stop);
        var from = new DateTimeOffset(begin).ToUnixTimeMilliseconds();
        var until = from + (1000L * options.Seconds);
        var fires = (await quartz.End(stop)).Where(fire => fire.DueMs >= from && fire.DueMs < until);
        Punctuality.AddTo(figures, [.. fires], Due(begin, zero));
        return figures;
    }

    private int Due(DateTime begin, DateTime zero) => Minute.DueIn(begin - zero, options.Seconds, options.Schedules);

    private static async Task<Dictionary<string, double>> Watched(
        Func<IReadOnlyDictionary<string, int>> processes, Func<Task> what)
    {
        var figures = new Dictionary<string, double>();
        await using var watch = new UseWatch(new ProcessMeter(processes));
        await what();
        await watch.AddTo(figures);
        return figures;
    }
}
