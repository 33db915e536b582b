namespace Fleet.Control.Schedules.Occurrences;

/// <summary>What a schedule started and has not ended.</summary>
internal sealed record OpenWork(Guid Schedule, Guid Id, string Kind);
