using System.Globalization;
using System.Numerics;
using Fleet.Control.Schedules.When.Cron;

namespace Fleet.Control.Schedules.When;

/// <summary>Days in words.</summary>
internal static class DayWords
{
    private static readonly string[] Short = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>A day of a calendar: <c>mon-fri</c>, <c>tue#2</c>, <c>friL</c>.</summary>
    public static string Of(string day)
    {
        var names = day.ToLowerInvariant();
        if (names.Split('-') is [var from, var until])
            return $"{Named(from)} to {Named(until)}";
        if (names.Split('#') is [var which, var nth])
            return $"the {Ordinal(nth[0] - '0')} {Named(which)} of the month";
        return names.Length > 3 ? $"the last {Named(names[..3])} of the month" : Named(names);
    }

    public static string Of(IDayRule rule) => rule switch
    {
        DaysByNumber { Days: var days } => BitOperations.PopCount(days) == 1
            ? $"day {BitOperations.TrailingZeroCount(days)} of the month"
            : $"days {Numbers(days)} of the month",
        DayFromEnd { Before: 0 } => "the last day of the month",
        DayFromEnd { Before: 1 } => "the last day but one of the month",
        DayFromEnd { Before: var before } => $"the day {before} days before the last of the month",
        NearestWorkday { Day: null } => "the Monday to Friday nearest to the last day of the month",
        NearestWorkday { Day: var day } => $"the Monday to Friday nearest to day {day} of the month",
        NthDayOfWeek { Day: var day, Nth: var nth } => $"the {Ordinal(nth)} {day} of the month",
        LastDayOfWeek { Day: var day } => $"the last {day} of the month",
        DaysOfWeek { Days: var days } => Week(days),
        _ => throw new InvalidOperationException($"{rule.GetType().Name} has no words."),
    };

    /// <summary><c>a, b and c</c>.</summary>
    public static string List(IReadOnlyList<string> items, string joint = "and") => items.Count < 2
        ? string.Concat(items)
        : $"{string.Join(", ", items.SkipLast(1))} {joint} {items[^1]}";

    /// <summary>Numbers whose bits are set, with ranges.</summary>
    public static string Numbers(ulong bits)
    {
        var parts = new List<string>();
        for (var from = 0; from < 64; from++)
        {
            if ((bits >> from & 1) == 0)
                continue;
            var until = from;
            while (until < 63 && (bits >> (until + 1) & 1) != 0)
                until++;
            if (until - from >= 2)
                parts.Add($"{from} to {until}");
            else
                parts.AddRange(Enumerable.Range(from, until - from + 1).Select(one => one.ToString(CultureInfo.InvariantCulture)));
            from = until;
        }

        return List(parts);
    }

    private static string Week(uint days) => days switch
    {
        0b0111110 => "Monday to Friday",
        0b1000001 => "Saturday and Sunday",
        0b1111111 => "every day",
        _ => List([.. Enumerable.Range(1, 7).Where(day => (days >> (day % 7) & 1) != 0).Select(day => $"{(DayOfWeek)(day % 7)}")]),
    };

    private static string Named(string name) => $"{(DayOfWeek)Array.IndexOf(Short, name)}";

    private static string Ordinal(int number) => number switch { 1 => "1st", 2 => "2nd", 3 => "3rd", _ => $"{number}th" };
}
