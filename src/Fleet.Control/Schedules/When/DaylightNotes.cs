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
        var utc = at.UtcDateTime;
        var (before, after) = (utc + zone.OffsetAt(at.AddSeconds(-1)), utc + zone.OffsetAt(at));
        var (from, until) = before < after ? (before, after) : (after, before);
        if (clock.Expression.Next(from.AddSeconds(-1)) is not { } first || first >= until)
            return null;
        return before < after
            ? $"On {Date(zone, at)} the clocks go from {Time(from)} to {Time(until)}: what is due in between is due at {Time(until)}, once."
            : $"On {Date(zone, at)} the clocks go back from {Time(until)} to {Time(from)}: "
                + (clock.Expression.IsRhythm
                    ? "what is due in between goes on through both hours, as it names a rhythm."
                    : "what is due in between is due once, the first time.");
    }

    private static string Date(ZoneTimes zone, DateTimeOffset at) =>
        zone.ToLocal(at.AddSeconds(-1)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Time(DateTime at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);
}
