using System.Numerics;

namespace Fleet.Control.Schedules.When.Cron;

/// <summary>Wall times, as a cron expression or a calendar names them.</summary>
/// <param name="Seconds">Bit 0 to 59; the others alike.</param>
/// <param name="DaysOfMonth">Empty where the expression does not say.</param>
/// <param name="DaysOfWeek">Empty where the expression does not say. With days of the month too, either is enough.</param>
/// <param name="NeedsBothDays">
/// A day has to be among both kinds: crontab has it so where either field begins with <c>*</c>, as <c>*/2</c> does.
/// </param>
/// <param name="Years">Empty for every year.</param>
/// <param name="IsRhythm">
/// Whether seconds, minutes or hours have <c>*</c>, a range or a step: such an expression means "again and again", and
/// not certain times of day.
/// </param>
internal sealed record CronExpression(
    ulong Seconds,
    ulong Minutes,
    ulong Hours,
    IReadOnlyList<IDayRule> DaysOfMonth,
    uint Months,
    IReadOnlyList<IDayRule> DaysOfWeek,
    IReadOnlySet<int> Years,
    bool IsRhythm,
    bool NeedsBothDays = false)
{
    public const ulong EveryMinute = (1ul << 60) - 1;
    public const ulong EveryHour = (1ul << 24) - 1;
    public const uint EveryMonth = 0b1_1111_1111_1110;

    /// <summary>A day that is named only where others are too may be in another century.</summary>
    private const int MostMonths = 100 * 12;

    private const int LongestMonth = 31;

    /// <summary>Days of the month and of the week are both named.</summary>
    public bool HasBothDays => DaysOfMonth.Count > 0 && DaysOfWeek.Count > 0;

    /// <summary>The first of these times after a wall time; null when there is none within a hundred years.</summary>
    public DateTime? Next(DateTime after)
    {
        var from = after.AddSeconds(1);
        var month = new DateTime(from.Year, from.Month, 1);
        for (var tried = 0; tried < MostMonths && month.Year < DateTime.MaxValue.Year; tried++, month = month.AddMonths(1))
        {
            if ((Months >> month.Month & 1) == 0 || (Years.Count > 0 && !Years.Contains(month.Year)))
                continue;
            if (NextIn(month, from) is { } found)
                return found;
        }

        return null;
    }

    private DateTime? NextIn(DateTime month, DateTime from)
    {
        var isFirst = month.Year == from.Year && month.Month == from.Month;
        var days = DaysOf(month.Year, month.Month);
        for (var day = isFirst ? from.Day : 1; day <= LongestMonth && (days >> day) != 0; day++)
        {
            day += BitOperations.TrailingZeroCount(days >> day);
            var earliest = isFirst && day == from.Day ? from.TimeOfDay : TimeSpan.Zero;
            if (NextTime(earliest) is { } time)
                return month.AddDays(day - 1) + time;
        }

        return null;
    }

    private uint DaysOf(int year, int month)
    {
        if (DaysOfMonth.Count + DaysOfWeek.Count == 0)
            return Calendar.AllDays(year, month);
        var (ofMonth, ofWeek) = (DaysOf(DaysOfMonth, year, month), DaysOf(DaysOfWeek, year, month));
        return HasBothDays && NeedsBothDays ? ofMonth & ofWeek : ofMonth | ofWeek;
    }

    private static uint DaysOf(IReadOnlyList<IDayRule> rules, int year, int month) =>
        rules.Aggregate(0u, (days, rule) => days | rule.DaysOf(year, month));

    /// <summary>The first time of day that is not earlier; null when the day has none left.</summary>
    private TimeSpan? NextTime(TimeSpan earliest)
    {
        var (hour, minute, second) = (earliest.Hours, earliest.Minutes, earliest.Seconds);
        while (NextBit(Hours, hour) is { } atHour)
        {
            if (atHour != hour)
                (minute, second) = (0, 0);
            hour = atHour;
            while (NextBit(Minutes, minute) is { } atMinute)
            {
                if (NextBit(Seconds, atMinute == minute ? second : 0) is { } atSecond)
                    return new TimeSpan(atHour, atMinute, atSecond);
                (minute, second) = (atMinute + 1, 0);
            }

            (hour, minute, second) = (hour + 1, 0, 0);
        }

        return null;
    }

    private static int? NextBit(ulong bits, int from) =>
        from < 64 && bits >> from is var left and not 0 ? from + BitOperations.TrailingZeroCount(left) : null;
}
