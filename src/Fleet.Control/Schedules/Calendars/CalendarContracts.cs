using System.Globalization;
using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Calendars;

/// <summary>Days on which schedules that name them are not due: <c>PUT /v1/schedule-calendars/{name}</c>.</summary>
internal sealed class CalendarDays
{
    private const int MostName = 60;
    private const int MostDays = 2000;

    public List<string?> Days { get; init; } = [];

    /// <exception cref="ProblemException">The name or a day is wrong.</exception>
    public string[] Check(string name)
    {
        var wrong = new Dictionary<string, string[]>();
        if (name.Length > MostName || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            wrong["name"] = [$"Use up to {MostName} letters, digits, hyphens and underscores."];
        if (Days.Count > MostDays)
            wrong["days"] = [$"At most {MostDays} days."];
        foreach (var (place, day) in Days.Take(MostDays).Index())
        {
            if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                wrong[$"days[{place}]"] = ["This must be a day that exists, such as 2026-12-24."];
            else if (!UsableTimes.Hold(date))
                wrong[$"days[{place}]"] = [UsableTimes.Sentence];
        }

        return wrong.Count == 0 ? [.. Days.Select(day => day!).Distinct().Order()] : throw new ProblemException(Problem.Invalid(wrong));
    }
}

/// <summary>A calendar as clients see it.</summary>
internal sealed record CalendarView(string Name, IReadOnlyList<string> Days, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    public static CalendarView Of(ScheduleCalendar calendar) => new(calendar.Name, calendar.Days, calendar.UpdatedAt, calendar.UpdatedBy);
}
