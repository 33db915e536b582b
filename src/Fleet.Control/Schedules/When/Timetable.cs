namespace Fleet.Control.Schedules.When;

/// <summary>A recurrence within its bounds: what is outside of them is not due at all.</summary>
internal sealed class Timetable(IRecurrence recurrence, ZoneTimes zone, TimetableBounds bounds) : IRecurrence
{
    /// <summary>After so many due times in vain there is none: 27 years of days.</summary>
    private const int MostTries = 10_000;

    public IRecurrence Recurrence => recurrence;

    public ZoneTimes Zone => zone;

    public DateTimeOffset? Next(DateTimeOffset after)
    {
        if (bounds.From is { } first && after < first)
            after = first.AddTicks(-1);
        for (var tries = 0; tries < MostTries; tries++)
        {
            if (recurrence.Next(after) is not { } due || due >= bounds.Until || due > UsableTimes.Last)
                return null;
            if (WhenOpen(due) is not { } opening)
                return due;
            after = opening > due ? opening.AddTicks(-1) : due;
        }

        return null;
    }

    /// <summary>The due times from one instant on, as many as are asked for.</summary>
    public IEnumerable<DateTimeOffset> From(DateTimeOffset first)
    {
        for (var due = Next(first.AddTicks(-1)); due is { } time; due = Next(time))
            yield return time;
    }

    /// <summary>From when on it may be due again; null where it may be due now.</summary>
    private DateTimeOffset? WhenOpen(DateTimeOffset due)
    {
        if (bounds.IsWide)
            return null;
        var local = zone.ToLocal(due);
        if (bounds.SkipDates.Contains(DateOnly.FromDateTime(local)))
            return zone.Resolve(local.Date.AddDays(1)).Due;
        return bounds.Window is { } window && !window.Holds(local.TimeOfDay) ? zone.Resolve(window.OpeningAfter(local)).Due : null;
    }
}

/// <summary>When nothing is due, whatever a recurrence says.</summary>
/// <param name="From">The first instant at which something may be due.</param>
/// <param name="Until">The first at which nothing is any more.</param>
/// <param name="SkipDates">Days, in the zone of the timetable, on which nothing is due.</param>
internal sealed record TimetableBounds(
    DateTimeOffset? From, DateTimeOffset? Until, DailyWindow? Window, IReadOnlySet<DateOnly> SkipDates)
{
    public static TimetableBounds None { get; } = new(null, null, null, new HashSet<DateOnly>());

    public bool IsWide => Window is null && SkipDates.Count == 0;
}
