using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Client.Schedules;

/// <summary>When something is started, and how that stands.</summary>
/// <param name="When">As it was written: one of <c>cron every_s at calendar manual</c>, or <c>rule</c> of a document.</param>
/// <param name="Start">What it starts, as it was written.</param>
/// <param name="HeldBy">The agent that says when it is due; null where the fleet does.</param>
/// <param name="Words">When it is due, as a sentence.</param>
/// <param name="Next">The next due times; empty while it is paused.</param>
/// <param name="Last">The latest due time that was decided about.</param>
/// <param name="Failures">In a row.</param>
/// <param name="SuccessRate">0 to 1; null in lists.</param>
/// <param name="Revision">Grows by one with each change.</param>
public sealed record Schedule(
    string ScheduleId,
    string Name,
    JsonElement When,
    JsonElement Start,
    string Overlap,
    string Missed,
    int CatchUpS,
    int JitterS,
    int? StartingDeadlineS,
    JsonElement? Active,
    string? Window,
    IReadOnlyList<string> SkipDates,
    IReadOnlyList<string> SkipCalendars,
    JsonElement? Retry,
    string? HeldBy,
    bool Paused,
    string Words,
    IReadOnlyList<DateTimeOffset> Next,
    Occurrence? Last,
    DateTimeOffset? Pending,
    int Failures,
    double? SuccessRate,
    JsonElement? Timing,
    int Revision,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string CreatedBy,
    IReadOnlyDictionary<string, string>? Links)
{
    /// <summary>Whether it is a document of a manifest's schedule: that is changed by posting it again.</summary>
    [JsonIgnore]
    public bool IsDocument => When.ValueKind == JsonValueKind.Object && When.TryGetProperty("rule", out _);
}

/// <summary>A due time and what became of it.</summary>
/// <param name="Outcome"><c>started skipped missed late superseded failed</c>.</param>
public sealed record Occurrence(
    DateTimeOffset DueAt,
    string Outcome,
    string? Reason,
    string? Detail,
    long LatenessMs,
    DateTimeOffset RecordedAt,
    StartedWork? Started,
    DateTimeOffset? EndedAt);

/// <param name="State">That of the work; <c>gone</c> where nobody knows any more.</param>
public sealed record StartedWork(string Kind, string Id, string State);

/// <summary>When something would be due.</summary>
/// <param name="Notes">What may surprise about it.</param>
public sealed record SchedulePreview(IReadOnlyList<DateTimeOffset> Times, string Words, IReadOnlyList<string> Notes);

/// <param name="Until">The end of the range, which is not part of it.</param>
/// <param name="Concurrency">How many may run at once.</param>
public sealed record BackfillDraft(DateTimeOffset From, DateTimeOffset Until, int? Concurrency = null, bool DryRun = false);

/// <summary>What a backfill would do.</summary>
/// <param name="Started">Due times at which something has started already.</param>
/// <param name="Times">The first of those that would start.</param>
public sealed record BackfillForecast(bool DryRun, int Count, int Started, IReadOnlyList<DateTimeOffset> Times);

/// <param name="State"><c>running done cancelled</c>.</param>
public sealed record Backfill(
    string BackfillId,
    string State,
    DateTimeOffset From,
    DateTimeOffset Until,
    int Concurrency,
    int Total,
    int Started,
    int Skipped,
    int Failed,
    DateTimeOffset? Reached,
    DateTimeOffset CreatedAt,
    DateTimeOffset? FinishedAt,
    string CreatedBy);
