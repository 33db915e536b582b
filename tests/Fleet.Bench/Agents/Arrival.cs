using System.Diagnostics;
using Fleet.Bench.Target;

namespace Fleet.Bench.Agents;

/// <summary>Watches agents come, first or again.</summary>
internal sealed class Arrival(AgentsTable table, IReadOnlyList<string> names)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(200);

    /// <summary>Returns when a beat of each is stored; adds the seconds until the first, half and all.</summary>
    public async Task Watch(DateTime since, Dictionary<string, double> figures, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        (string Figure, int Count)[] marks =
            [("first_s", 1), ("half_s", (names.Count + 1) / 2), ("all_s", names.Count)];
        foreach (var (figure, count) in marks)
        {
            while (await table.Online(names, since, stop) < count)
                await Task.Delay(Glance, stop);
            figures[figure] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
    }
}
