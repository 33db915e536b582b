using System.Diagnostics;

namespace Fleet.Bench.Load;

/// <summary>Starts calls at even distances, whether or not earlier ones have returned.</summary>
internal static class Pacer
{
    public static async Task Run(int perSecond, int calls, Func<Task> call, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        var running = new List<Task>(calls);
        for (var i = 0; i < calls; i++)
        {
            var early = TimeSpan.FromSeconds((double)i / perSecond) - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, stop);
            running.Add(call());
        }

        await Task.WhenAll(running);
    }
}
