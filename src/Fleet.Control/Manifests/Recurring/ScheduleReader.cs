using System.Globalization;
using Fleet.Control.Manifests.Documents;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>What a schedule of manifests must look like. Every field is known, or refused with its path.</summary>
internal static class ScheduleReader
{
    private const int MostDates = 1000;

    public static IReadOnlyList<string> RunsOn { get; } = ["backend", "agent"];

    public static IReadOnlyList<string> Zones { get; } = ["local", "utc"];

    /// <summary>Null where something is wrong with it; then the findings say what.</summary>
    public static ScheduleDocument? Read(DocumentText document, DocumentFindings findings)
    {
        var fields = new DocumentFields(document.Root, "", findings);
        if (fields.Has("cron") || fields.Has("mode"))
        {
            findings.Refuse(fields.Has("cron") ? "cron" : "mode",
                "Schedules have no cron and no mode any more: say when as per_pc, per_target, calendar or on, "
                + "such as when: {calendar: {at: \"09:00\", days: [mon-fri]}}.");
            return null;
        }

        var id = ManifestReader.ReadId(fields, "id");
        var job = ManifestReader.ReadId(fields, "job_id");
        var when = WhenDocument.Read(fields.Object("when", isNeeded: true));
        var enabled = fields.Flag("enabled", otherwise: true);
        var isUtc = fields.Word("tz", Zones, "local") == "utc";
        var zone = isUtc ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
        var fanout = FanoutDocument.Read(fields);
        var runsOn = fields.Word("runs_on", RunsOn, "backend")!;
        var active = ReadActive(fields.Object("active"), zone);
        var (window, dates, most) = ReadConstraints(fields.Object("constraints"));
        var deadline = fields.Duration("starting_deadline");
        var (attempts, backoff) = ReadRetry(fields.Object("on_failure"));
        foreach (var hint in (string[])["tags", "origin", "require", "description"])
            fields.Any(hint);
        fields.End();
        CheckTogether(fields, when, runsOn, most);
        return findings.Any ? null : new ScheduleDocument(
            id!, job!, when!, enabled, isUtc, fanout, runsOn, active, window, dates, most, deadline, attempts, backoff);
    }

    /// <summary>A date, or a time of RFC 3339.</summary>
    public static bool TryReadMoment(string text, TimeZoneInfo zone, out DateTimeOffset at)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            at = ScheduleTimes.At(day, TimeOnly.MinValue, zone);
            return true;
        }

        const DateTimeStyles universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, universal, out at)
            && text.Contains('T', StringComparison.OrdinalIgnoreCase);
    }

    public static bool TryReadTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, ["HH:mm", "H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    private static void CheckTogether(DocumentFields fields, ScheduleWhen? when, string runsOn, int? most)
    {
        var isAgents = runsOn == "agent";
        if (isAgents && when is ReconcileWhen { PerTarget: true })
            fields.Refuse("runs_on", "per_target needs runs_on: backend, since no agent knows of the others.");
        if (isAgents && most is not null)
            fields.Refuse("constraints.max_concurrent", "max_concurrent needs runs_on: backend, since no agent knows of the others.");
        if (!isAgents && when is EventWhen)
            fields.Refuse("runs_on", "on needs runs_on: agent, since its host alone knows of such events.");
    }

    private static ActiveSpan ReadActive(DocumentFields? fields, TimeZoneInfo zone)
    {
        var span = new ActiveSpan(Moment("from"), Moment("until"));
        fields?.End();
        if (span.Until <= span.From)
            fields!.Refuse("until", "This must lie behind from.");
        return span;

        DateTimeOffset? Moment(string name)
        {
            if (fields?.Text(name, 100) is not { } text)
                return null;
            if (TryReadMoment(text, zone, out var at))
                return at;
            fields.Refuse(name, $"invalid date `{text}`: write 2030-01-31, or a time of RFC 3339.");
            return null;
        }
    }

    private static (RunWindow? Window, IReadOnlyList<DateOnly> Dates, int? Most) ReadConstraints(DocumentFields? fields)
    {
        if (fields is null)
            return (null, [], null);
        RunWindow? window = null;
        if (fields.Text("window", 100) is { } text)
        {
            if (text.Split('-') is [var from, var to] && TryReadTime(from.Trim(), out var begin) && TryReadTime(to.Trim(), out var end)
                && begin != end)
                window = new RunWindow(begin, end);
            else
                fields.Refuse("window", $"invalid window `{text}`: write HH:MM-HH:MM.");
        }

        var dates = new List<DateOnly>();
        foreach (var (date, place) in fields.Texts("skip_dates", MostDates, 100).Select((date, place) => (date, place)))
        {
            if (DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
                dates.Add(day);
            else
                fields.Refuse($"skip_dates[{place}]", $"invalid date `{date}`: write 2030-01-31.");
        }

        var most = fields.Whole("max_concurrent", 1, 100_000);
        fields.End();
        return (window, dates, most);
    }

    private static (int Attempts, TimeSpan? Backoff) ReadRetry(DocumentFields? failure)
    {
        var retry = failure?.Object("retry", isNeeded: true);
        failure?.End();
        if (retry is null)
            return (1, null);
        var more = retry.Whole("max", 1, 10);
        if (!retry.Has("max"))
            retry.Refuse("max", "missing field: this is needed.");
        var backoff = retry.Duration("backoff", isNeeded: true);
        retry.End();
        return (1 + (more ?? 0), backoff);
    }
}
