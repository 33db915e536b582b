using System.Globalization;

namespace Fleet.Control.Schedules.When;

/// <summary>What the next changes of the clock do to a recurrence, in sentences.</summary>
internal static class DaylightNotes
{
    private const int MostDays = 370;

    public static IEnumerable<string> Of(Recurring read, DateTimeOffset from)
    {
        if (read.Recurrence is WallClock { Expression: { DaysOfMonth.Count: > 0, DaysOfWeek.Count: > 0 } })
            yield return "It names days of the month and days of the week: either is enough, as with crontab.";
        var until = from.AddDays(MostDays);
        for (var change = read.Zone.NextChange(from, until); change is { } at; change = read.Zone.NextChange(at, until))
        {
            if (read.Recurrence is WallClock clock && Of(clock, read.Zone, at) is { } note)
                yield return note;
            else if (read.Recurrence is Interval)
                yield return $"On {Date(read.Zone, at)} the clocks of {read.Zone.Name} change; an interval counts elapsed time, so its "
                    + "wall times move.";
        }
    }

    private static string? Of(WallClock clock, ZoneTimes zone, DateTimeOffset at)
    {
        var (from, until, isGap) = Between(zone, at);
        if (clock.Expression.Next(from.AddSeconds(-1)) is not { } first || first >= until)
            return null;
        var end = until == from.Date.AddDays(1) ? "24:00" : Time(until);
        return isGap
            ? $"On {Date(zone, at)} the clocks go from {Time(from)} to {end}: what is due in between is due at {end}, once."
            : $"On {Date(zone, at)} the clocks go back from {end} to {Time(from)}: "
                + (clock.Expression.IsRhythm
                    ? "what is due in between goes on through both hours, as it names a rhythm."
                    : "what is due in between is due once, the first time.");
    }

    /// <summary>The wall times that a change skips, or shows twice.</summary>
    private static (DateTime From, DateTime Until, bool IsGap) Between(ZoneTimes zone, DateTimeOffset at)
    {
        var (before, after) = (at.UtcDateTime + zone.OffsetAt(at.AddSeconds(-1)), at.UtcDateTime + zone.OffsetAt(at));
        return before < after ? (before, after, true) : (after, before, false);
    }

    /// <summary>The day of these wall times: at midnight it is another than that of the moment before.</summary>
    private static string Date(ZoneTimes zone, DateTimeOffset at) =>
        Between(zone, at).From.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTime at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}
