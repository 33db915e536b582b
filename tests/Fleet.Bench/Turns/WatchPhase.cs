using Fleet.Bench.Inference;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Turns;

/// <summary>Many who watch some answers while these are written, each from the beginning to the end.</summary>
internal sealed class WatchPhase(ProcessMeter meter)
{
    public const int PerSecond = 10;

    /// <summary>Time in which the watchers come before the first word is written.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(6);

    public async Task<Dictionary<string, double>> Run(
        IWatched watched, int answers, int watchers, int words, CancellationToken stop)
    {
        var memory = Memory(watched);
        var ids = await Task.WhenAll(Enumerable.Range(0, answers).Select(_ => watched.Begin(stop)));
        var texts = Enumerable.Range(0, watchers).Select(_ => new AnswerText(AnswerChecker.Counted(words))).ToList();
        var streams = await Task.WhenAll(texts.Select((_, number) => watched.Watch(ids[number % answers], stop)));
        var before = meter.Read();
        var reading = Task.WhenAll(texts.Zip(streams).Select(one => Task.Run(() => Read(one.First, one.Second, stop), stop)));
        await Task.Delay(TimeSpan.FromSeconds(words / 2.0 / PerSecond), stop);
        var during = Memory(watched);
        await reading;
        var used = Seconds(meter.Read(), watched) - Seconds(before, watched);
        var deliveries = texts.Sum(text => text.Pieces);
        return new Dictionary<string, double>
        {
            ["deliveries"] = deliveries,
            ["deliveries_per_core_s"] = deliveries / used,
            ["words_per_delivery"] = (double)words * watchers / Math.Max(1, deliveries),
            ["memory_per_watcher_kb"] = (during - memory) / 1e3 / watchers,
            ["gaps"] = texts.Count(text => !text.IsWhole),
        };
    }

    private static async Task Read(AnswerText text, Stream stream, CancellationToken stop)
    {
        await using (stream)
            await EventReader.Read(stream, text, first: null, stop);
    }

    private long Memory(IWatched watched) =>
        meter.Memory().Where(process => watched.Carries(Roles.Of(process.Key))).Sum(process => process.Value);

    private static double Seconds(MeterReading reading, IWatched watched) =>
        reading.Cpu.Where(process => watched.Carries(Roles.Of(process.Key))).Sum(process => process.Value);
}
