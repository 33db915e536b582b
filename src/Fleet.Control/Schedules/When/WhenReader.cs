using System.Globalization;
using System.Text.RegularExpressions;
using Fleet.Control.Platform.Requests;
using Fleet.Control.Schedules.When.Cron;

namespace Fleet.Control.Schedules.When;

/// <summary>From what clients write of due times to the rule that gives them, and what is wrong with it.</summary>
/// <param name="name">Of the field: <c>when</c>.</param>
/// <param name="isKept">It was found right before: rules that only keep out what is new do not apply.</param>
internal sealed partial class WhenReader(string name, bool isKept = false) : FieldRules($"{name}.")
{
    private const double LongestInterval = 10 * 366 * 86_400.0;
    private const int MostDays = 50;
    private const int MostDay = 20;

    private static readonly string[] DateForms = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    /// <summary>Null when something is wrong with it; then <see cref="FieldRules.Wrong"/> says what.</summary>
    /// <param name="created">From when on an interval counts that does not say so itself.</param>
    public Recurring? Read(WhenRequest when, DateTimeOffset created)
    {
        var zone = ReadZone(when.TimeZone);
        var recurrence = ReadRecurrence(when, zone, created);
        return Wrong.Count > 0 || zone is null || recurrence is null ? null : new Recurring(recurrence, zone);
    }

    private IRecurrence? ReadRecurrence(WhenRequest when, ZoneTimes? zone, DateTimeOffset created)
    {
        object?[] ways = [when.Cron, when.EveryS, when.At, when.Calendar, when.Manual is true ? true : null];
        if (when.Rule is not null)
            Refuse("rule", "Only documents have rules: post one to /v1/manifest-schedules.");
        else if (ways.Count(way => way is not null) != 1)
            Wrong.TryAdd(name, ["Give exactly one of cron, every_s, at, calendar and manual: true."]);
        else if (when.From is not null && when.EveryS is null)
            Refuse("from", "This belongs to every_s; active.from bounds every other schedule.");
        else if (when.From is { } from && !IsUsable(from))
            Refuse("from", UsableTimes.Sentence);
        else if (when.Cron is not null)
            return zone is null ? null : ReadCron(when.Cron, zone);
        else if (when.EveryS is { } seconds)
            return ReadInterval(seconds, when.From ?? created);
        else if (when.Calendar is not null)
            return zone is null ? null : ReadCalendar(when.Calendar, zone);
        else if (when.At is { } at && !IsUsable(at))
            Refuse("at", UsableTimes.Sentence);
        else if (when.At is { } once)
            return new Once(once);
        else
            return new Never();
        return null;
    }

    private WallClock? ReadCron(string text, ZoneTimes zone)
    {
        try
        {
            return new WallClock(CronParser.Parse(text), zone);
        }
        catch (CronException wrong)
        {
            Refuse("cron", wrong.Message);
            return null;
        }
    }

    private Interval? ReadInterval(double seconds, DateTimeOffset from)
    {
        if (seconds is >= 1 and <= LongestInterval && seconds == Math.Floor(seconds))
            return new Interval(WholeSecond(from), TimeSpan.FromSeconds(seconds));
        Refuse("every_s", "This must be a whole number of seconds, from 1 (nothing is due more than once a second) to ten years.");
        return null;
    }

    private IRecurrence? ReadCalendar(CalendarRequest calendar, ZoneTimes zone)
    {
        var days = ReadDays(calendar.Days ?? []);
        if (calendar.At is { } text && TimeOfDay.TryParse(text, out var time))
            return days is null ? null : new WallClock(Daily(time, days), zone);
        if (DateTime.TryParseExact(calendar.At, DateForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            if (!IsUsable(new DateTimeOffset(moment, TimeSpan.Zero)))
                Refuse("calendar.at", UsableTimes.Sentence);
            else if (days is { Count: 0 })
                return new Once(zone.Resolve(moment).Due);
            else
                Refuse("calendar.days", "A date has no days: leave them out, or give at as HH:MM.");
        }
        else
        {
            Refuse("calendar.at", "This must be a time of day, such as 09:00, or a date with one, such as 2026-12-01 09:00.");
        }

        return null;
    }

    private List<IDayRule>? ReadDays(List<string?> days)
    {
        var rules = new List<IDayRule>();
        if (days.Count > MostDays)
            Refuse("calendar.days", $"At most {MostDays} of them.");
        foreach (var (place, day) in days.Take(MostDays).Index())
        {
            try
            {
                if (day is not { Length: > 0 and <= MostDay } || !Day().IsMatch(day))
                    throw new CronException("Use mon to sun, mon-fri, tue#2 (the second of the month) or friL (the last).");
                rules.AddRange(CronDays.OfWeek(day, CronField.UnixDayOfWeek));
            }
            catch (CronException wrong)
            {
                Refuse($"calendar.days[{place}]", wrong.Message);
            }
        }

        return Wrong.Count > 0 ? null : rules;
    }

    private static CronExpression Daily(TimeSpan time, List<IDayRule> days) => new(
        1ul << time.Seconds, 1ul << time.Minutes, 1ul << time.Hours, [], CronExpression.EveryMonth, days, new HashSet<int>(), false);

    private ZoneTimes? ReadZone(string? id)
    {
        if (id is null)
            return new ZoneTimes(TimeZoneInfo.Utc);
        if (ZoneName().IsMatch(id) && (isKept || !NoPlace().IsMatch(id))
            && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId)
            return new ZoneTimes(zone);
        Refuse("time_zone", "There is no such time zone: use a name of the IANA's database, such as Europe/Berlin or UTC.");
        return null;
    }

    private bool IsUsable(DateTimeOffset at) => isKept || UsableTimes.Hold(at);

    private static DateTimeOffset WholeSecond(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+){0,2}\z")]
    private static partial Regex ZoneName();

    /// <summary>Files beside the zones that are none: other ways to count seconds, and what a machine was set to.</summary>
    [GeneratedRegex(@"\A(posixrules|localtime|factory|right/.*|posix/.*)\z", RegexOptions.IgnoreCase)]
    private static partial Regex NoPlace();

    [GeneratedRegex(@"\A[a-z]{3}(-[a-z]{3}|#[0-9]+|L)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Day();
}

/// <summary>A rule, and the zone whose days and hours bound it.</summary>
internal sealed record Recurring(IRecurrence Recurrence, ZoneTimes Zone);
