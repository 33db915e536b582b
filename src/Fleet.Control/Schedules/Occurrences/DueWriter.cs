using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// Makes plans come true within one unit: the ledger's rows, the work that starts, and the schedules that move on, all of
/// it or nothing. A plan that was overtaken is left out; whoever overtook it has seen to the schedule.
/// </summary>
internal sealed class DueWriter(WorkKinds kinds, OpenWorkCancellation cancellation, ScheduleSettings settings)
{
    /// <summary>What waits for an end is looked at again after so long, should nobody have told of the end.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    public IEnumerable<RowRef> RowsOf(DuePlan plan, IReadOnlyList<OpenWork> open) =>
    [
        RowRef.Of<Schedule>(plan.Schedule.CorrelationId),
        .. plan.Starts.SelectMany(start => start.Built!.Rows(kinds)),
        .. plan.CancelsOpen ? cancellation.RowsOf(open) : [],
    ];

    /// <returns>False when another decision came first.</returns>
    public async Task<bool> Apply(DuePlan plan, IReadOnlyList<OpenWork> open, IReadOnlySet<Guid> away, UnitOfWork unit)
    {
        if (await unit.Find<Schedule>(plan.Schedule.CorrelationId) is not { } schedule || schedule.Version != plan.Schedule.Version)
            return false;
        foreach (var recorded in plan.Recorded)
            unit.Add(Row(plan, recorded.Due, recorded.Outcome, recorded.Reason, recorded.Detail));
        foreach (var start in plan.Starts)
            await Start(plan, start, away, unit);
        if (plan.CancelsOpen)
            await cancellation.Cancel(open, $"schedule {WireId.Format(schedule.CorrelationId)}", unit);

        Move(schedule, plan);
        foreach (var happened in ScheduleEvents.Of(plan))
            unit.Announce(happened);
        TellFailing(schedule, unit);
        unit.Change(schedule);
        return true;
    }

    /// <summary>A row of the ledger.</summary>
    public static Occurrence Row(DuePlan plan, DateTimeOffset due, string outcome, string? reason, string? detail = null) => new()
    {
        CorrelationId = Guid.CreateVersion7(plan.Now),
        ScheduleId = plan.Schedule.CorrelationId,
        DueAt = due,
        Outcome = outcome,
        Reason = reason,
        Detail = detail,
        RecordedAt = plan.Now,
        LatenessMs = Math.Max(0, (long)(plan.Now - plan.Terms.StartOf(plan.Schedule.CorrelationId, due)).TotalMilliseconds),
    };

    /// <summary>Records a start, and accepts what it starts.</summary>
    public static async Task<Occurrence> Start(DuePlan plan, PlannedStart start, IReadOnlySet<Guid> away, UnitOfWork unit)
    {
        var row = Row(plan, start.Due, Outcomes.Started, start.Reason);
        Link(row, plan, start.Built!);
        unit.Add(row);
        await start.Built!.Accept(unit, away);
        return row;
    }

    /// <summary>Names in the ledger what started.</summary>
    public static void Link(Occurrence row, DuePlan plan, BuiltSubmission started)
    {
        row.StartedKind = plan.Terms.Kind;
        row.WorkId = started.Id;
        row.WorkKind = started.Work?.Kind;
        row.IsOpen = true;
    }

    private static void Move(Schedule schedule, DuePlan plan)
    {
        schedule.NextDue = plan.NextDue;
        schedule.PendingDue = plan.Pending?.Due;
        schedule.PendingRetryAt = plan.Pending?.RetryAt;
        schedule.PendingTries = plan.Pending?.Tries ?? 0;
        schedule.Failures += plan.Recorded.Count(one => one.Outcome == Outcomes.Failed);
        schedule.WakeAt = plan.WakeAt(LookAgain);
    }

    private void TellFailing(Schedule schedule, UnitOfWork unit)
    {
        if (schedule.ToldFailing || schedule.Failures < settings.FailingAfter)
            return;
        schedule.ToldFailing = true;
        unit.Announce(ScheduleEvents.OfFailing(schedule, unit.Now));
    }
}
