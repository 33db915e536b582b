namespace Fleet.Chaos.Faults;

/// <summary>What became of one planned fault; times count from the start of the run.</summary>
/// <param name="SinceBegin">
/// From the moment it began until a job submitted then had succeeded; null: it did not in time.
/// </param>
/// <param name="SinceEnd">The same from the moment it was mended.</param>
/// <param name="Skipped">Why it was left out; null when it was not.</param>
internal sealed record FaultRecord(
    PlannedFault Planned,
    TimeSpan BeganAt,
    TimeSpan EndedAt,
    TimeSpan? SinceBegin,
    TimeSpan? SinceEnd,
    string? Skipped);
