using System.Text.Json.Serialization;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>A due time and what became of it, as clients see it.</summary>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Reason">A code; null where the outcome says all.</param>
/// <param name="Detail">The reason as a sentence, where there is more to say.</param>
/// <param name="LatenessMs">From its time, jitter included, to what became of it.</param>
internal sealed record OccurrenceView(
    DateTimeOffset DueAt,
    string Outcome,
    string? Reason,
    string? Detail,
    long LatenessMs,
    DateTimeOffset RecordedAt,
    StartedView? Started,
    DateTimeOffset? EndedAt)
{
    /// <param name="state">What the work is like now, or how it ended; null where nobody knows any more.</param>
    public static OccurrenceView Of(Occurrence row, string? state) => new(
        row.DueAt,
        row.Outcome,
        row.Reason,
        row.Detail,
        row.LatenessMs,
        row.RecordedAt,
        row.WorkId is { } work ? new StartedView(row.StartedKind!, work, state ?? "gone") : null,
        row.EndedAt);
}

/// <param name="Kind">What it started: <c>job</c>.</param>
/// <param name="State">The state of the work, or that in which it ended; <c>gone</c> where nobody knows any more.</param>
internal sealed record StartedView(string Kind, [property: JsonConverter(typeof(WireIdConverter))] Guid Id, string State);
