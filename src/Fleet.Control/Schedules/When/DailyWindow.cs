using System.Globalization;

namespace Fleet.Control.Schedules.When;

/// <summary>A part of every day, <c>22:00-06:00</c>, by wall clocks; the end is not part of it. It may cross midnight.</summary>
internal sealed record DailyWindow(TimeSpan From, TimeSpan Until)
{
    public static bool TryParse(string text, out DailyWindow window)
    {
        window = new DailyWindow(default, default);
        if (text.Split('-') is not [var from, var until]
            || !TimeOfDay.TryParse(from, out var begin) || !TimeOfDay.TryParse(until, out var end) || begin == end)
            return false;
        window = new DailyWindow(begin, end);
        return true;
    }

    public bool Holds(TimeSpan time) => From < Until ? time >= From && time < Until : time >= From || time < Until;

    /// <summary>When it opens next, for a time outside of it.</summary>
    public DateTime OpeningAfter(DateTime local) => local.TimeOfDay < From ? local.Date + From : local.Date.AddDays(1) + From;
}

/// <summary>Times of day as people write them.</summary>
internal static class TimeOfDay
{
    private static readonly string[] Forms = ["HH':'mm", "HH':'mm':'ss"];

    public static bool TryParse(string text, out TimeSpan time)
    {
        var isTime = TimeOnly.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed);
        time = parsed.ToTimeSpan();
        return isTime;
    }
}
