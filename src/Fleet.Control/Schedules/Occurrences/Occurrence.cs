using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>One due time of a schedule, recorded once, whatever became of it.</summary>
internal sealed class Occurrence : IVersionedRow
{
    public Guid CorrelationId { get; set; }

    public int Version { get; set; }

    public Guid ScheduleId { get; set; }

    public DateTimeOffset DueAt { get; set; }

    /// <summary>One of <see cref="Outcomes"/>.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>One of <see cref="Reasons"/>, or the code of a refusal; null where the outcome says all.</summary>
    public string? Reason { get; set; }

    /// <summary>The reason as a sentence, where there is more to say.</summary>
    public string? Detail { get; set; }

    public DateTimeOffset RecordedAt { get; set; }

    /// <summary>From its time, jitter included, to the record.</summary>
    public long LatenessMs { get; set; }

    /// <summary>Name of the submission: <c>job</c>. Null where nothing started.</summary>
    public string? StartedKind { get; set; }

    /// <summary>Of the work, or of the group of work.</summary>
    public Guid? WorkId { get; set; }

    /// <summary>The work's own kind: <c>command</c>. Null where a group of work started.</summary>
    public string? WorkKind { get; set; }

    /// <summary>The state in which the work ended, as a word; null before.</summary>
    public string? WorkState { get; set; }

    /// <summary>Whether what it started has not ended.</summary>
    public bool IsOpen { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The backfill that started it.</summary>
    public Guid? BackfillId { get; set; }
}

/// <summary>What became of a due time.</summary>
internal static class Outcomes
{
    public const string Started = "started";

    /// <summary>Its policy, or a freeze, let it pass.</summary>
    public const string Skipped = "skipped";

    /// <summary>It was due while nobody could start it, and is not caught up.</summary>
    public const string Missed = "missed";

    /// <summary>It could not start before its deadline, and did not.</summary>
    public const string Late = "late";

    /// <summary>It waited, and a later one took its place.</summary>
    public const string Superseded = "superseded";

    /// <summary>What it was to start was refused.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Started, Skipped, Missed, Late, Superseded, Failed];
}

/// <summary>Why.</summary>
internal static class Reasons
{
    public const string CaughtUp = "caught_up";
    public const string CaughtUpLater = "later_one_caught_up";
    public const string NotCaughtUp = "not_caught_up";
    public const string CatchUpWindow = "catch_up_window";
    public const string StartingDeadline = "starting_deadline";
    public const string StillRunning = "still_running";
    public const string Buffered = "buffered";
    public const string Replaced = "replaced";
    public const string Frozen = "frozen";
    public const string Paused = "paused";
    public const string Manual = "manual";
    public const string Backfill = "backfill";
    public const string Retried = "retried";
    public const string Held = "held_by_agent";
}
