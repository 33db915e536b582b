using System.Diagnostics;

namespace Fleet.Chaos.Output;

/// <summary>What happens, with the seconds since the start.</summary>
internal sealed class RunLog
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Say(string sentence)
    {
        lock (_gate)
            Console.WriteLine($"{Elapsed.TotalSeconds,7:0.0}  {sentence}");
    }
}
