using System.Diagnostics;
using Fleet.Bench.Load;
using Fleet.Bench.Measuring;

namespace Fleet.Bench.Schedules;

/// <summary>Somebody who looks at lists of schedules and at single ones while these are due.</summary>
internal sealed class ReadingPhase(ScheduleDoor door, IReadOnlyList<string> paths)
{
    private const int PerSecond = 10;

    private readonly Latencies _lists = new();
    private readonly Latencies _shows = new();

    public async Task Run(int seconds, CancellationToken stop)
    {
        var asked = 0;
        await Pacer.Run(PerSecond, PerSecond * seconds, () => Ask(asked++, stop), stop);
    }

    public void AddTo(Dictionary<string, double> figures)
    {
        _lists.AddTo(figures, "list");
        _shows.AddTo(figures, "show");
    }

    private async Task Ask(int number, CancellationToken stop)
    {
        var since = Stopwatch.GetTimestamp();
        var (times, question) = number % 2 == 0
            ? (_lists, door.List(stop))
            : (_shows, door.Show(paths[Random.Shared.Next(paths.Count)], stop));
        await question;
        times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
    }
}
