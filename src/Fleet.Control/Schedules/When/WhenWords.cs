using System.Globalization;

namespace Fleet.Control.Schedules.When;

/// <summary>Says in a sentence when something is due.</summary>
internal static class WhenWords
{
    public static string Of(WhenRequest when, Recurring read) => when switch
    {
        { Manual: true } => "Only when it is run by hand.",
        { At: { } at } => $"Once, at {Utc(at)}.",
        { EveryS: { } seconds } => $"Every {Length(seconds)}{(when.From is { } from ? $", counted from {Utc(from)}" : "")}.",
        { Calendar: { } calendar } => Of(calendar, read.Zone.Name),
        _ => $"{Capital(CronWords.Of(((WallClock)read.Recurrence).Expression))}, {read.Zone.Name} time.",
    };

    private static string Of(CalendarRequest calendar, string zone) => calendar.Days is { Count: > 0 } days
        ? $"At {calendar.At} on {DayWords.List([.. days.Select(day => DayWords.Of(day!))])}, {zone} time."
        : $"{(calendar.At!.Contains(' ', StringComparison.Ordinal) ? "Once, at" : "Every day at")} {calendar.At}, {zone} time.";

    private static string Length(double seconds) => seconds switch
    {
        1 => "second",
        60 => "minute",
        3600 => "hour",
        86_400 => "24 hours",
        _ when seconds % 3600 == 0 => $"{Number(seconds / 3600)} hours",
        _ when seconds % 60 == 0 => $"{Number(seconds / 60)} minutes",
        _ => $"{Number(seconds)} seconds",
    };

    private static string Number(double number) => number.ToString("0", CultureInfo.InvariantCulture);

    private static string Utc(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss' UTC'", CultureInfo.InvariantCulture);

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
