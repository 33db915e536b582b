namespace Fleet.Bench.Schedules;

/// <summary>Due times of one minute each, spread evenly over its seconds, and how many of them a span holds.</summary>
internal static class Minute
{
    public const int Seconds = 60;

    public static int PhaseOf(int number, int count) => (int)((long)number * Seconds / count);

    /// <param name="since">From the time at which the first of them is due to the beginning of the span.</param>
    public static int DueIn(TimeSpan since, int seconds, int count)
    {
        var bySecond = new int[Seconds];
        for (var number = 0; number < count; number++)
            bySecond[PhaseOf(number, count)]++;
        var first = (int)(since.TotalSeconds % Seconds);
        return Enumerable.Range(first, seconds).Sum(second => bySecond[second % Seconds]);
    }
}
