namespace Fleet.Bench.Schedules;

/// <summary>One due time that was acted on.</summary>
/// <param name="Of">Which schedule, or which trigger.</param>
/// <param name="DueMs">When it was due, in milliseconds since 1970.</param>
/// <param name="DoneMs">From then to the end of the job that it started; null where there is none.</param>
internal readonly record struct Fire(string Of, long DueMs, double LatenessMs, double? DoneMs = null);
