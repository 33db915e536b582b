using System.Text.Json.Serialization;

namespace Fleet.Control.Schedules.When;

/// <summary>When something is due, as clients write it: exactly one of cron, every_s, at, calendar and manual.</summary>
internal sealed class WhenRequest
{
    /// <summary>Five fields as crontab has them, or six or seven as Quartz has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Cron { get; init; }

    /// <summary>Whole seconds of elapsed time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? EveryS { get; init; }

    /// <summary>With every_s: the first due time. Left out, it is the time of the schedule's creation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? From { get; init; }

    /// <summary>One due time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? At { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CalendarRequest? Calendar { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Manual { get; init; }

    /// <summary>Only shown: what a schedule that is a document says, such as <c>per_pc every 6h</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Rule { get; init; }

    /// <summary>A zone of the IANA's database; UTC where it is left out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TimeZone { get; init; }
}

/// <summary>A time of day on certain days.</summary>
internal sealed class CalendarRequest
{
    /// <summary><c>09:00</c>, or with a date <c>2026-12-01 09:00</c> for that day alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? At { get; init; }

    /// <summary><c>mon</c>, <c>mon-fri</c>, <c>tue#2</c> (the second of the month), <c>friL</c> (the last); none is every day.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<string?>? Days { get; init; }
}
