using System.Diagnostics;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Inference;

/// <summary>Callers who ask for vectors, one request after the other.</summary>
internal sealed class EmbeddingsPhase(ModelDoor upstream, ProcessMeter meter)
{
    public const int Callers = 16;

    public async Task<Dictionary<string, double>> Run(ModelDoor door, int texts, TimeSpan time, CancellationToken stop)
    {
        var input = Enumerable.Range(1, texts).Select(number => $"text {number}").ToList();
        if (await door.Embed(input, stop) != await upstream.Embed(input, stop))
            throw new InvalidDataException("The vectors are not the upstream's.");
        var (start, calls, took) = (Stopwatch.GetTimestamp(), 0, new Latencies());
        await using var use = new UseWatch(meter);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(Ask, stop)));
        var figures = new Dictionary<string, double>
        {
            ["embeddings_per_s"] = calls * texts / Stopwatch.GetElapsedTime(start).TotalSeconds,
        };
        took.AddTo(figures, "call");
        await use.AddTo(figures);
        return figures;

        async Task Ask()
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var asked = Stopwatch.GetTimestamp();
                await door.Embed(input, stop);
                took.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                Interlocked.Increment(ref calls);
            }
        }
    }
}
