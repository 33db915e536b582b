namespace Fleet.Control.Manifests.Recurring;

/// <summary>When a calendar is due.</summary>
internal static class ScheduleTimes
{
    /// <summary>No calendar is silent for longer: a fifth weekday comes within months.</summary>
    private const int MostDays = 800;

    /// <summary>The due times after another, as far as the schedule allows them.</summary>
    public static IEnumerable<DateTimeOffset> After(ScheduleDocument schedule, DateTimeOffset after)
    {
        if (schedule.When is not CalendarWhen calendar)
            yield break;
        var start = schedule.Active.From is { } from && from > after ? from.AddTicks(-1) : after;
        var first = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(start, schedule.Zone).DateTime);
        if (calendar.Date is { } only && only > first)
            first = only;
        for (var (day, quiet) = (first, 0); quiet < MostDays && day < DateOnly.MaxValue; day = day.AddDays(1), quiet++)
        {
            if (!Chooses(calendar, day))
                continue;
            var at = At(day, calendar.At, schedule.Zone);
            if (at >= schedule.Active.Until)
                yield break;
            if (at <= after || !schedule.Allows(at))
                continue;
            yield return at;
            quiet = 0;
        }
    }

    /// <summary>A time of a day in a zone; one that the clock skips is the first instant after the gap.</summary>
    public static DateTimeOffset At(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var there = day.ToDateTime(time);
        if (zone.IsInvalidTime(there))
        {
            var before = zone.GetUtcOffset(there.AddHours(-3));
            return new DateTimeOffset(there, before).ToUniversalTime();
        }

        var offset = zone.IsAmbiguousTime(there) ? zone.GetAmbiguousTimeOffsets(there).Max() : zone.GetUtcOffset(there);
        return new DateTimeOffset(there, offset).ToUniversalTime();
    }

    private static bool Chooses(CalendarWhen calendar, DateOnly day) =>
        calendar.Date is { } date ? day == date : calendar.Days.Count == 0 || calendar.Days.Any(rule => rule.Chooses(day));
}
