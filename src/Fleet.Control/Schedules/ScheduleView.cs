using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.Timing;
using Fleet.Control.Schedules.When;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules;

/// <summary>A schedule as clients see it: what they wrote, with its defaults, and how it stands.</summary>
/// <param name="HeldBy">The agent that says when it is due; null where Control does.</param>
/// <param name="Next">The next due times, without jitter; empty while it is paused.</param>
/// <param name="Last">The latest due time that was decided about.</param>
/// <param name="Pending">A due time that waits for the end of what runs, or for another try of its start.</param>
/// <param name="Failures">Starts that were refused, or whose work failed, since the last success.</param>
/// <param name="Words">When it is due, as a sentence.</param>
/// <param name="SuccessRate">0 to 1, of the last hundred that ended; only of a single schedule.</param>
/// <param name="Timing">How Quartz keeps it going; only of a single schedule.</param>
internal sealed record ScheduleView(
    [property: JsonConverter(typeof(WireIdConverter))] Guid ScheduleId,
    string Name,
    WhenRequest When,
    Dictionary<string, JsonElement> Start,
    Overlap Overlap,
    Missed Missed,
    int CatchUpS,
    int JitterS,
    int? StartingDeadlineS,
    ActiveRequest? Active,
    string? Window,
    IReadOnlyList<string?> SkipDates,
    IReadOnlyList<string?> SkipCalendars,
    RetryRequest? Retry,
    string? HeldBy,
    bool Paused,
    string Words,
    IReadOnlyList<DateTimeOffset> Next,
    OccurrenceView? Last,
    DateTimeOffset? Pending,
    int Failures,
    double? SuccessRate,
    LaneView? Timing,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy,
    ScheduleLinksView Links)
{
    private const int Shown = 5;

    public static ScheduleView Of(Schedule row, ScheduleTerms terms, OccurrenceView? last) => new(
        row.CorrelationId,
        row.Name,
        terms.Definition.When!,
        terms.Definition.Start!,
        terms.Overlap,
        terms.Missed,
        terms.Definition.CatchUpS,
        terms.Definition.JitterS,
        terms.Definition.StartingDeadlineS,
        terms.Definition.Active,
        terms.Definition.Window,
        terms.Definition.SkipDates ?? [],
        terms.Definition.SkipCalendars ?? [],
        terms.Definition.Retry,
        terms.Definition.HeldBy,
        row.Paused,
        WhenWords.Of(terms.Definition.When!, terms.Recurring),
        row is { Paused: false, NextDue: { } next } ? [.. terms.Timetable.From(next).Take(Shown)] : [],
        last,
        row.PendingDue,
        row.Failures,
        null,
        null,
        row.Revision,
        row.CreatedAt,
        row.UpdatedAt,
        row.CreatedBy,
        ScheduleLinksView.Of(row.CorrelationId));
}

/// <summary>Paths of what belongs to a schedule.</summary>
internal sealed record ScheduleLinksView(string Self, string Occurrences, string Run, string Pause, string Resume, string Backfill)
{
    public static string SelfOf(Guid schedule) => $"/v1/schedules/{WireId.Format(schedule)}";

    public static ScheduleLinksView Of(Guid schedule)
    {
        var self = SelfOf(schedule);
        return new ScheduleLinksView(
            self, $"{self}/occurrences", $"{self}/run", $"{self}/pause", $"{self}/resume", $"{self}/backfill");
    }
}
