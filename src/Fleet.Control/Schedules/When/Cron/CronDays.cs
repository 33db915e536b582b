using System.Globalization;

namespace Fleet.Control.Schedules.When.Cron;

/// <summary>Reads what expressions and calendars say of days. Nothing said is an empty list.</summary>
internal static class CronDays
{
    private const int MostBeforeEnd = 30;

    public static IReadOnlyList<IDayRule> OfMonth(string text)
    {
        if (IsAny(text))
            return [];
        var rules = new List<IDayRule>();
        var numbers = 0u;
        foreach (var part in text.Split(','))
        {
            if (Special(part.ToUpperInvariant()) is { } special)
                rules.Add(special);
            else
                numbers |= (uint)CronField.DayOfMonth.Values(part).Bits;
        }

        return numbers == 0 ? rules : [.. rules, new DaysByNumber(numbers)];
    }

    /// <summary>Of crontab, of Quartz, or of a calendar, which knows names alone.</summary>
    public static IReadOnlyList<IDayRule> OfWeek(string text, CronField field)
    {
        if (IsAny(text))
            return [];
        var rules = new List<IDayRule>();
        var days = 0u;
        foreach (var part in text.Split(','))
        {
            if (part.Split('#') is [var day, var nth])
                rules.Add(new NthDayOfWeek(DayOf(day, field), Nth(nth)));
            else if (part.Length > 1 && part[^1] is 'L' or 'l')
                rules.Add(new LastDayOfWeek(DayOf(part[..^1], field)));
            else
                days |= (uint)field.Values(part is "L" or "l" ? "SAT" : part).Bits >> field.Least;
        }

        return days == 0 ? rules : [.. rules, new DaysOfWeek(days)];
    }

    private static bool IsAny(string text) => text is "*" or "?";

    private static DayOfWeek DayOf(string text, CronField field) => (DayOfWeek)(field.Value(text) - field.Least);

    private static int Nth(string text) => text is [>= '1' and <= '5' and var nth]
        ? nth - '0'
        : throw new CronException($"The '{text}' behind # is none: a month has a first to a fifth day of the week, #1 to #5.");

    private static IDayRule? Special(string part) => part switch
    {
        "L" => new DayFromEnd(0),
        "LW" or "WL" => new NearestWorkday(null),
        ['L', '-', .. var before] => new DayFromEnd(Before(before)),
        [.. var day, 'W'] => new NearestWorkday(CronField.DayOfMonth.Value(day)),
        _ => null,
    };

    private static int Before(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var before) && before is >= 1 and <= MostBeforeEnd
            ? before
            : throw new CronException($"The 'L-{text}' is no day: use L-1 to L-{MostBeforeEnd}.");
}
