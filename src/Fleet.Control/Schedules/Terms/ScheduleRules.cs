using System.Globalization;
using System.Text.Json;
using Fleet.Control.Platform.Requests;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.When;

namespace Fleet.Control.Schedules.Terms;

/// <summary>What a schedule must look like. Each rule has a sentence that says what would be right.</summary>
/// <param name="calendars">Days of the calendars that it may name.</param>
/// <param name="isKept">It was found right before: what it starts is not looked at again, as that may be wrong by now.</param>
internal sealed class ScheduleRules(
    Submissions submissions, IReadOnlyDictionary<string, IReadOnlyList<DateOnly>> calendars, bool isKept = false) : FieldRules("")
{
    private const int MostName = 200;
    private const int MostDates = 1000;
    private const int MostCalendars = 10;
    private const int LongestWait = 366 * 86_400;
    private const int MostRetries = 10;
    private const int LongestBackoff = 86_400;

    private readonly HashSet<DateOnly> _skipped = [];
    private DailyWindow? _window;

    /// <summary>What it means; null when something is wrong with it, and <see cref="FieldRules.Wrong"/> says what.</summary>
    public ScheduleTerms? Read(ScheduleRequest wanted, string tenant, DateTimeOffset created)
    {
        Filled("name", wanted.Name ?? "", MostName);
        Between("catch_up_s", wanted.CatchUpS, 0, LongestWait);
        Between("jitter_s", wanted.JitterS, 0, 86_400);
        if (wanted.StartingDeadlineS is { } deadline)
            Between("starting_deadline_s", deadline, 1, LongestWait);
        Usable("active.from", wanted.Active?.From);
        Usable("active.until", wanted.Active?.Until);
        if (wanted.Active is { From: { } from, Until: { } until } && from >= until)
            Refuse("active.until", "This must be later than active.from.");
        Between("retry.max", wanted.Retry?.Max ?? 0, 0, MostRetries);
        Between("retry.backoff_s", wanted.Retry?.BackoffS ?? 1, 1, LongestBackoff);
        if (wanted.Window is { } window && !DailyWindow.TryParse(window, out _window))
            Refuse("window", "This must be two different times of day, such as 22:00-06:00.");
        ReadSkipped(wanted);
        if (wanted.HeldBy is { } agent)
            HeldRules.Check(wanted, agent, Refuse);
        var recurring = ReadWhen(wanted.When, created);
        var (kind, body) = ReadStart(wanted.Start, wanted.HeldBy is not null, tenant, created);
        if (Wrong.Count > 0 || recurring is null)
            return null;
        var bounds = new TimetableBounds(wanted.Active?.From, wanted.Active?.Until, _window, _skipped);
        return new ScheduleTerms(
            wanted, new Timetable(recurring.Recurrence, recurring.Zone, bounds), recurring, kind, body,
            submissions.Find(kind)?.KindsOf(body) ?? []);
    }

    private void Usable(string field, DateTimeOffset? time)
    {
        if (time is { } given && !isKept && !UsableTimes.Hold(given))
            Refuse(field, UsableTimes.Sentence);
    }

    private Recurring? ReadWhen(WhenRequest? when, DateTimeOffset created)
    {
        var reader = new WhenReader("when", isKept);
        var recurring = when is null ? null : reader.Read(when, created);
        if (when is null)
            Refuse("when", "This is needed: one of cron, every_s, at, calendar and manual: true.");
        foreach (var (field, sentences) in reader.Wrong)
            Wrong.TryAdd(field, sentences);
        return recurring;
    }

    private void ReadSkipped(ScheduleRequest wanted)
    {
        if (wanted.SkipDates?.Count > MostDates)
            Refuse("skip_dates", $"At most {MostDates} days.");
        foreach (var (place, text) in (wanted.SkipDates ?? []).Take(MostDates).Index())
        {
            if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                Refuse($"skip_dates[{place}]", "This must be a day that exists, such as 2026-12-24.");
            else if (!isKept && !UsableTimes.Hold(date))
                Refuse($"skip_dates[{place}]", UsableTimes.Sentence);
            else
                _skipped.Add(date);
        }

        if (wanted.SkipCalendars?.Count > MostCalendars)
            Refuse("skip_calendars", $"At most {MostCalendars} calendars.");
        foreach (var (place, name) in (wanted.SkipCalendars ?? []).Take(MostCalendars).Index())
        {
            if (name is not null && calendars.TryGetValue(name, out var days))
                _skipped.UnionWith(days);
            else
                Refuse($"skip_calendars[{place}]", "There is no such calendar: PUT /v1/schedule-calendars/{name} makes one.");
        }
    }

    private (string Kind, string Body) ReadStart(
        Dictionary<string, JsonElement>? start, bool isHeld, string tenant, DateTimeOffset now)
    {
        var names = string.Join(", ", submissions.Names);
        if (start is not { Count: 1 })
        {
            Refuse("start", $"Name exactly one thing to start, of these: {names}.");
            return ("", "");
        }

        var (kind, body) = start.Single();
        if (isKept)
            return (kind, body.GetRawText());
        if (submissions.Find(kind) is not { } submission)
        {
            Refuse($"start.{kind}", $"Nothing of this kind can be started by a schedule. There are: {names}.");
            return ("", "");
        }

        if (isHeld && submission.Groups is not null)
            Refuse($"start.{kind}", HeldRules.SingleWork);
        var text = body.GetRawText();
        var sample = OccurrenceValues.Of(Guid.Empty, "", now);
        foreach (var (field, sentences) in submission.Check(BodyTemplate.Fill(text, sample), tenant, now))
            Wrong.TryAdd($"start.{kind}.{field}".TrimEnd('.'), sentences);
        return (kind, text);
    }
}
