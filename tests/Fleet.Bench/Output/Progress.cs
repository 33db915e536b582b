using System.Diagnostics;

namespace Fleet.Bench.Output;

/// <summary>One line per step on standard error, with the seconds since the start.</summary>
internal static class Progress
{
    private static readonly long Start = Stopwatch.GetTimestamp();

    public static void Say(string sentence) =>
        Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(Start).TotalSeconds,7:F1} s  {sentence}");
}
