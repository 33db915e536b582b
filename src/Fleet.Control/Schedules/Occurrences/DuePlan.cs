using Fleet.Contracts.Work;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>What becomes of a schedule's due times now. It holds only while the schedule's row has the version it was made from.</summary>
internal sealed class DuePlan(Schedule schedule, ScheduleTerms terms, DateTimeOffset now)
{
    public Schedule Schedule => schedule;

    public ScheduleTerms Terms => terms;

    public DateTimeOffset Now => now;

    /// <summary>What is recorded without a start.</summary>
    public List<PlannedOccurrence> Recorded { get; } = [];

    public List<PlannedStart> Starts { get; } = [];

    /// <summary>Whether what is still under way is to be cancelled.</summary>
    public bool CancelsOpen { get; set; }

    /// <summary>The due time after those that are decided.</summary>
    public DateTimeOffset? NextDue { get; set; } = schedule.NextDue;

    public PendingStart? Pending { get; set; } =
        schedule.PendingDue is { } due ? new PendingStart(due, schedule.PendingRetryAt, schedule.PendingTries) : null;

    /// <summary>When the schedule is to be looked at again; null for never.</summary>
    /// <param name="lookAgain">After how long it is looked whether what it waits for has ended.</param>
    public DateTimeOffset? WakeAt(TimeSpan lookAgain)
    {
        var next = NextDue is { } due ? terms.StartOf(schedule.CorrelationId, due) : DateTimeOffset.MaxValue;
        var pending = Pending is { } waits ? waits.RetryAt ?? now + lookAgain : DateTimeOffset.MaxValue;
        return next == DateTimeOffset.MaxValue && pending == next ? null : next < pending ? next : pending;
    }

    public void Record(DateTimeOffset due, string outcome, string? reason, string? detail = null) =>
        Recorded.Add(new PlannedOccurrence(due, outcome, reason, detail));

    /// <summary>A later due time takes the place of the one that waits.</summary>
    public void Wait(PendingStart pending)
    {
        if (Pending is { } replaced)
            Record(replaced.Due, Outcomes.Superseded, Reasons.Replaced);
        Pending = pending;
    }

    /// <summary>What it was to start is refused: it is tried again, as often as the schedule says, or has failed.</summary>
    public void Refuse(PlannedStart start, BuiltSubmission refused)
    {
        Starts.Remove(start);
        if (start.Tries < terms.Retry.Max && Pending is null)
            Pending = new PendingStart(start.Due, now + TimeSpan.FromSeconds(terms.Retry.BackoffS * (1L << start.Tries)), start.Tries + 1);
        else
            Record(start.Due, Outcomes.Failed, refused.Code, refused.Sentence);
    }
}

/// <summary>A due time and what became of it.</summary>
internal sealed record PlannedOccurrence(DateTimeOffset Due, string Outcome, string? Reason, string? Detail);

/// <summary>A due time at which something starts.</summary>
/// <param name="Tries">How often its start was refused before.</param>
internal sealed record PlannedStart(DateTimeOffset Due, string? Reason, int Tries = 0)
{
    /// <summary>What it starts, once that is built.</summary>
    public BuiltSubmission? Built { get; set; }

    public SubmitWork? Work => Built?.Work;

    public bool IsStart => Built?.IsStart is true;
}

/// <summary>A due time that waits.</summary>
/// <param name="RetryAt">When its start is tried again; null where it waits for the end of what runs.</param>
internal sealed record PendingStart(DateTimeOffset Due, DateTimeOffset? RetryAt, int Tries);
