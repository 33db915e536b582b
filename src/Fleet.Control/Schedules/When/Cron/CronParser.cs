namespace Fleet.Control.Schedules.When.Cron;

/// <summary>
/// Reads crontab's five fields (minute, hour, day of month, month, day of week with 0 or 7 for Sunday), and Quartz' six or
/// seven (a second first, a year last, 1 for Sunday). Both know names, wrapping ranges, <c>L</c>, <c>L-3</c>,
/// <c>15W</c>, <c>LW</c>, <c>fri#2</c> and <c>friL</c>. Of crontab's two fields of days either is enough, unless one begins with
/// <c>*</c>: then a day has to be among both (https://man7.org/linux/man-pages/man5/crontab.5.html).
/// </summary>
internal static class CronParser
{
    public const int Longest = 200;

    private static readonly Dictionary<string, string> Macros = new(StringComparer.OrdinalIgnoreCase)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    /// <exception cref="CronException">It is none.</exception>
    public static CronExpression Parse(string text)
    {
        if (text.Length > Longest)
            throw new CronException($"An expression has at most {Longest} characters.");
        var fields = Macros.GetValueOrDefault(text.Trim(), text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return fields.Length switch
        {
            5 => Read("0", fields, "*", CronField.UnixDayOfWeek),
            6 => Read(fields[0], fields[1..], "*", CronField.QuartzDayOfWeek),
            7 => Read(fields[0], fields[1..6], fields[6], CronField.QuartzDayOfWeek),
            _ => throw new CronException(
                "An expression has five fields (minute, hour, day of month, month, day of week), or six or seven with a second "
                + $"first and a year last; this has {fields.Length}."),
        };
    }

    private static CronExpression Read(string second, string[] fields, string year, CronField dayOfWeek)
    {
        var seconds = CronField.Second.Values(second);
        var minutes = CronField.Minute.Values(fields[0]);
        var hours = CronField.Hour.Values(fields[1]);
        var daysOfMonth = CronDays.OfMonth(fields[2]);
        var daysOfWeek = CronDays.OfWeek(fields[4], dayOfWeek);
        if (dayOfWeek == CronField.QuartzDayOfWeek && daysOfMonth.Count > 0 && daysOfWeek.Count > 0)
            throw new CronException("With seconds, give either days of the month or days of the week, and ? for the other.");
        return new CronExpression(
            seconds.Bits,
            minutes.Bits,
            hours.Bits,
            daysOfMonth,
            (uint)CronField.Month.Values(fields[3]).Bits,
            daysOfWeek,
            year is "*" or "?" ? new HashSet<int>() : CronField.Year.Values(year).Values.ToHashSet(),
            seconds.IsRhythm || minutes.IsRhythm || hours.IsRhythm,
            NeedsBothDays: fields[2][0] == '*' || fields[4][0] == '*');
    }
}
