using System.Globalization;
using System.Numerics;
using Fleet.Control.Schedules.When.Cron;

namespace Fleet.Control.Schedules.When;

/// <summary>A cron expression in words.</summary>
internal static class CronWords
{
    /// <summary>More times of day than this are told as minutes of hours.</summary>
    private const int MostTimes = 6;

    public static string Of(CronExpression cron)
    {
        var on = On(cron);
        var months = cron.Months == CronExpression.EveryMonth ? "" : $" in {Months(cron.Months)}";
        var years = cron.Years.Count == 0 ? "" : $" of {DayWords.List([.. cron.Years.Order().Select(Text)])}";
        var times = Times(cron);
        var daily = on.Length + months.Length == 0 && times.StartsWith("at ", StringComparison.Ordinal) && !cron.IsRhythm;
        return $"{(daily ? "every day " : "")}{times}{on}{months}{years}";
    }

    private static string On(CronExpression cron)
    {
        if (cron is { HasBothDays: true, NeedsBothDays: true })
            return $" on {Days(cron.DaysOfMonth)}, if it is {Days(cron.DaysOfWeek)}";
        IReadOnlyList<IDayRule> days = [.. cron.DaysOfMonth, .. cron.DaysOfWeek];
        return days.Count == 0 ? "" : $" on {Days(days)}";
    }

    private static string Days(IEnumerable<IDayRule> days) => DayWords.List([.. days.Select(DayWords.Of)], "or");

    private static string Times(CronExpression cron)
    {
        var count = BitOperations.PopCount(cron.Hours) * BitOperations.PopCount(cron.Minutes) * BitOperations.PopCount(cron.Seconds);
        if (count <= MostTimes)
            return $"at {DayWords.List([.. TimesOfDay(cron)])}";
        var hours = cron.Hours == CronExpression.EveryHour ? "" : $" of the hours {DayWords.Numbers(cron.Hours)}";
        if (cron.Seconds != 1)
        {
            var seconds = Rhythm(cron.Seconds, "second", 60);
            return cron.Minutes == CronExpression.EveryMinute
                ? $"{seconds}{hours}"
                : $"{seconds} of {Plain(cron.Minutes, "minute")}{hours}";
        }

        return cron.Minutes == 1 && hours.Length == 0 ? "every hour" : $"{Rhythm(cron.Minutes, "minute", 60)}{hours}";
    }

    private static IEnumerable<string> TimesOfDay(CronExpression cron) =>
        from hour in Bits(cron.Hours)
        from minute in Bits(cron.Minutes)
        from second in Bits(cron.Seconds)
        select string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{minute:00}{(cron.Seconds == 1 ? "" : $":{second:00}")}");

    /// <summary><c>every 5 minutes</c>, or which of them.</summary>
    private static string Rhythm(ulong bits, string unit, int length)
    {
        var step = length / BitOperations.PopCount(bits);
        var isEven = BitOperations.PopCount(bits) * step == length && Bits(bits).Select((bit, n) => bit == n * step).All(even => even);
        return !isEven ? $"at {Plain(bits, unit)}"
            : step == 1 ? $"every {unit}"
            : step == length ? $"at {unit} 0"
            : $"every {step} {unit}s";
    }

    private static string Plain(ulong bits, string unit) =>
        $"{unit}{(BitOperations.PopCount(bits) == 1 ? "" : "s")} {DayWords.Numbers(bits)}";

    private static string Months(uint months) => DayWords.List(
        [.. Bits(months).Select(month => CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(month))]);

    private static IEnumerable<int> Bits(ulong bits) => Enumerable.Range(0, 64).Where(bit => (bits >> bit & 1) != 0);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
