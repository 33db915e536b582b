using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// Decides about due times, in their order, from what is known of a schedule. It changes nothing and asks nobody.
/// </summary>
/// <param name="open">How much of what it started has not ended.</param>
/// <param name="frozen">Why nothing may start; null where it may.</param>
internal sealed class DuePolicy(
    Schedule schedule, ScheduleTerms terms, int open, string? frozen, ScheduleSettings settings, DateTimeOffset now)
{
    /// <summary>Due times of one plan; the others follow with the next.</summary>
    private const int MostDue = 500;

    private const int MostStarts = 100;

    private readonly DuePlan _plan = new(schedule, terms, now);
    private bool _isBusy = open > 0;

    public DuePlan Decide()
    {
        DecidePending();
        for (var decided = 0; decided < MostDue && _plan.Starts.Count < MostStarts; decided++)
        {
            if (_plan.NextDue is not { } due || StartOf(due) > now)
                break;
            _plan.NextDue = terms.Timetable.Next(due);
            Decide(due);
        }

        return _plan;
    }

    private void DecidePending()
    {
        if (_plan.Pending is not { } pending || (pending.RetryAt is null ? _isBusy : pending.RetryAt > now))
            return;
        _plan.Pending = null;
        if (IsTooLate(pending.Due))
            _plan.Record(pending.Due, Outcomes.Late, Reasons.StartingDeadline);
        else
            Start(pending.Due, pending.RetryAt is null ? Reasons.Buffered : Reasons.Retried, pending.Tries);
    }

    private void Decide(DateTimeOffset due)
    {
        var late = now - StartOf(due);
        if (IsTooLate(due))
            _plan.Record(due, Outcomes.Late, Reasons.StartingDeadline);
        else if (late < TimeSpan.FromSeconds(settings.MissedAfterSeconds))
            Start(due, null);
        else if (terms.Missed == Missed.None)
            _plan.Record(due, Outcomes.Missed, Reasons.NotCaughtUp);
        else if (late > terms.CatchUp)
            _plan.Record(due, Outcomes.Missed, Reasons.CatchUpWindow);
        else if (terms.Missed == Missed.Once && _plan.NextDue is { } later && StartOf(later) <= now)
            _plan.Record(due, Outcomes.Missed, Reasons.CaughtUpLater);
        else
            Start(due, Reasons.CaughtUp);
    }

    private void Start(DateTimeOffset due, string? reason, int tries = 0)
    {
        if (frozen is not null)
        {
            _plan.Record(due, Outcomes.Skipped, Reasons.Frozen, frozen);
        }
        else if (!_isBusy || terms.Overlap == Overlap.Allow)
        {
            _plan.Starts.Add(new PlannedStart(due, reason, tries));
            _isBusy = true;
        }
        else if (terms.Overlap == Overlap.Skip)
        {
            _plan.Record(due, Outcomes.Skipped, Reasons.StillRunning);
        }
        else
        {
            _plan.Wait(new PendingStart(due, null, tries));
            _plan.CancelsOpen |= terms.Overlap == Overlap.CancelOther;
        }
    }

    private bool IsTooLate(DateTimeOffset due) => now - StartOf(due) > terms.StartingDeadline;

    private DateTimeOffset StartOf(DateTimeOffset due) => terms.StartOf(schedule.CorrelationId, due);
}
