namespace Fleet.Control.Schedules.Occurrences;

/// <summary>What a schedule started and has not ended.</summary>
/// <param name="Started">Name of the submission: <c>job</c>.</param>
/// <param name="Kind">Of the work; null where it is a group of work.</param>
internal sealed record OpenWork(Guid Schedule, Guid Id, string Started, string? Kind);
