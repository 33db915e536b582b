namespace Fleet.Control.Schedules.When;

/// <summary>Every so many seconds of elapsed time, counted from a first due time. Daylight saving does not touch it.</summary>
internal sealed class Interval(DateTimeOffset from, TimeSpan every) : IRecurrence
{
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (after < from)
            return from;
        var passed = (after - from).Ticks / every.Ticks;
        return passed + 1 <= (DateTimeOffset.MaxValue - from).Ticks / every.Ticks
            ? from + TimeSpan.FromTicks((passed + 1) * every.Ticks)
            : null;
    }
}
