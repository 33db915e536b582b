using Fleet.Bench.Measuring;

namespace Fleet.Bench.History;

/// <summary>By how much the distance between two heartbeats that were stored differs from what is usual.</summary>
internal sealed class BeatWatch(HistoryTable history)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);

    public async Task<Latencies> Watch(CancellationToken stop)
    {
        var beats = new List<double>();
        try
        {
            while (true)
            {
                var beat = await history.LastBeat(stop);
                if (beats.Count == 0 || beats[^1] < beat)
                    beats.Add(beat);
                await Task.Delay(Glance, stop);
            }
        }
        catch (OperationCanceledException)
        {
            return Differences(beats);
        }
    }

    private static Latencies Differences(List<double> beats)
    {
        var distances = beats.Zip(beats.Skip(1), (one, next) => next - one).ToList();
        var late = new Latencies();
        if (distances.Count == 0)
            return late;
        var usual = Median.Of(distances);
        foreach (var distance in distances)
            late.Add(Math.Max(0, distance - usual) * 1000);
        return late;
    }
}
