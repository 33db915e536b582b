using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Submissions;

/// <summary>The ledger of due times, for slices that decide themselves about schedules of their own.</summary>
internal interface IOccurrenceLedger
{
    /// <summary>
    /// Records within a unit what became of due times; one that is recorded already stays as it is. Who wants to hear of those
    /// that did not start is told.
    /// </summary>
    Task Record(UnitOfWork unit, DecidedSchedule schedule, IReadOnlyList<DecidedOccurrence> decided);
}

/// <summary>The schedule that was decided about.</summary>
internal sealed record DecidedSchedule(Guid Id, string Tenant, string Name);

/// <summary>What became of a due time.</summary>
/// <param name="Reason">A code; null where the outcome says all.</param>
/// <param name="Detail">The reason as a sentence.</param>
/// <param name="Started">Name of the submission, and the group of work that started; null where nothing did.</param>
/// <param name="IsLook">
/// Not a due time, but one of many looks: a failure that repeats that of the look before is not recorded again.
/// </param>
internal sealed record DecidedOccurrence(
    DateTimeOffset DueAt, DueOutcome Outcome, string? Reason = null, string? Detail = null, (string Kind, Guid Group)? Started = null,
    bool IsLook = false);

internal enum DueOutcome
{
    Started,

    /// <summary>A freeze let it pass.</summary>
    Frozen,

    /// <summary>It was due while nobody could start it, and is not made up for.</summary>
    Missed,

    /// <summary>It could not start before its deadline.</summary>
    Late,

    /// <summary>What it was to start was refused.</summary>
    Failed,
}
