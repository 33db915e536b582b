using System.Globalization;
using Fleet.Control.Manifests.Documents;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>Reads when a schedule is due.</summary>
internal static class WhenDocument
{
    private static readonly string[] Shapes = ["per_pc", "per_target", "calendar", "on"];

    public static IReadOnlyList<string> Events { get; } = ["startup", "logon", "lock", "unlock", "network_change"];

    public static ScheduleWhen? Read(DocumentFields? fields)
    {
        if (fields is null)
            return null;
        var given = Shapes.Where(fields.Has).ToList();
        ScheduleWhen? when = given switch
        {
            ["calendar"] => Calendar(fields.Object("calendar")),
            ["on"] => On(fields),
            [var only] => Reconcile(fields, only),
            _ => null,
        };
        if (given.Count != 1)
            fields.Findings.Refuse("when", "Give exactly one of per_pc, per_target, calendar and on.");
        fields.End();
        return when;
    }

    private static ReconcileWhen? Reconcile(DocumentFields fields, string name)
    {
        var perTarget = name == "per_target";
        if (fields.Any(name) is System.Text.Json.Nodes.JsonObject)
        {
            var inner = fields.Object(name)!;
            var every = inner.Duration("every", isNeeded: true);
            if (every is { } span && span < TimeSpan.FromSeconds(1))
                inner.Refuse("every", "This must be at least 1s.");
            inner.End();
            return every is null ? null : new ReconcileWhen(perTarget, every, false);
        }

        return fields.Word(name, perTarget ? ["once"] : ["once", "once_per_version"], null) switch
        {
            "once" => new ReconcileWhen(perTarget, null, false),
            "once_per_version" => new ReconcileWhen(perTarget, null, true),
            _ => null,
        };
    }

    private static CalendarWhen? Calendar(DocumentFields? fields)
    {
        if (fields is null)
            return null;
        var text = fields.Text("at", 100, isNeeded: true);
        var days = new List<DayRule>();
        foreach (var (day, place) in fields.Texts("days", 50, 20).Select((day, place) => (day, place)))
        {
            if (DayRule.TryParse(day, out var rule))
                days.Add(rule);
            else
                fields.Refuse($"days[{place}]", $"invalid day `{day}`: write mon, mon-fri, tue#2 (1 to 5) or friL.");
        }

        fields.End();
        if (text is null)
            return null;
        if (ScheduleReader.TryReadTime(text, out var time))
            return new CalendarWhen(time, null, days);
        if (DateTime.TryParseExact(
            text.Replace('/', '-').Replace('T', ' '), "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var once))
        {
            if (days.Count > 0)
                fields.Refuse("days", "Leave days out beside a date.");
            return new CalendarWhen(TimeOnly.FromDateTime(once), DateOnly.FromDateTime(once), []);
        }

        fields.Refuse("at", $"invalid time `{text}`: write HH:MM, or YYYY-MM-DD HH:MM.");
        return null;
    }

    private static EventWhen On(DocumentFields fields)
    {
        var events = fields.Texts("on", 20, 50);
        foreach (var (one, place) in events.Select((one, place) => (one, place)))
        {
            if (!Events.Contains(one))
                fields.Refuse($"on[{place}]", $"unknown variant `{one}`: use one of {string.Join(", ", Events)}.");
        }

        if (events.Count == 0)
            fields.Refuse("on", "Name at least one event.");
        return new EventWhen(events);
    }
}
