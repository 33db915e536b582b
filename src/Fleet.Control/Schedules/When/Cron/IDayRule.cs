namespace Fleet.Control.Schedules.When.Cron;

/// <summary>Which days of a month a part of an expression means: bit 1 is the first.</summary>
internal interface IDayRule
{
    uint DaysOf(int year, int month);
}

/// <summary>Days by their number.</summary>
internal sealed record DaysByNumber(uint Days) : IDayRule
{
    public uint DaysOf(int year, int month) => Days & Calendar.AllDays(year, month);
}

/// <summary>So many days before the last one: <c>L</c>, <c>L-3</c>.</summary>
internal sealed record DayFromEnd(int Before) : IDayRule
{
    public uint DaysOf(int year, int month) =>
        DateTime.DaysInMonth(year, month) - Before is var day and > 0 ? 1u << day : 0;
}

/// <summary>The Monday to Friday nearest to a day, within the month: <c>15W</c>; <c>LW</c> for the last day.</summary>
/// <param name="Day">Null for the last.</param>
internal sealed record NearestWorkday(int? Day) : IDayRule
{
    public uint DaysOf(int year, int month)
    {
        var last = DateTime.DaysInMonth(year, month);
        var day = Day ?? last;
        if (day > last)
            return 0;
        return 1u << (new DateTime(year, month, day).DayOfWeek switch
        {
            DayOfWeek.Saturday => day > 1 ? day - 1 : day + 2,
            DayOfWeek.Sunday => day < last ? day + 1 : day - 2,
            _ => day,
        });
    }
}

/// <summary>Days of the week; bit 0 is Sunday.</summary>
internal sealed record DaysOfWeek(uint Days) : IDayRule
{
    public uint DaysOf(int year, int month)
    {
        var (first, found) = ((int)new DateTime(year, month, 1).DayOfWeek, 0u);
        for (var day = 1; day <= DateTime.DaysInMonth(year, month); day++)
        {
            if ((Days >> ((first + day - 1) % 7) & 1) != 0)
                found |= 1u << day;
        }

        return found;
    }
}

/// <summary>The first to fifth such day of the week in the month: <c>tue#2</c>. A month without one has none.</summary>
internal sealed record NthDayOfWeek(DayOfWeek Day, int Nth) : IDayRule
{
    public uint DaysOf(int year, int month) =>
        Calendar.FirstOf(Day, year, month) + (7 * (Nth - 1)) is var day && day <= DateTime.DaysInMonth(year, month) ? 1u << day : 0;
}

/// <summary>The last such day of the week in the month: <c>friL</c>.</summary>
internal sealed record LastDayOfWeek(DayOfWeek Day) : IDayRule
{
    public uint DaysOf(int year, int month)
    {
        var first = Calendar.FirstOf(Day, year, month);
        return 1u << (first + ((DateTime.DaysInMonth(year, month) - first) / 7 * 7));
    }
}

/// <summary>Days of months.</summary>
internal static class Calendar
{
    public static uint AllDays(int year, int month) => (uint)((1ul << (DateTime.DaysInMonth(year, month) + 1)) - 2);

    public static int FirstOf(DayOfWeek day, int year, int month) =>
        1 + (((int)day - (int)new DateTime(year, month, 1).DayOfWeek + 7) % 7);
}
