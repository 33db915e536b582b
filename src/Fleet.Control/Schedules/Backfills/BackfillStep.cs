using Fleet.Contracts.Work;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>
/// The next starts of a backfill, as many as its concurrency leaves room for. What started at its time is left alone, what
/// did not is made good in the same row of the ledger.
/// </summary>
internal sealed class BackfillStep(
    BackfillStore store, TermsReader reader, DueBuilder builder, WorkKinds kinds, WorkOperations operations, GroupCommit commits,
    DatabaseClock clock)
{
    /// <summary>Due times that are looked at in one step: most of them may have started before.</summary>
    private const int MostLooked = 500;

    /// <returns>Whether anything was done.</returns>
    public async Task<bool> Take(Backfill backfill, CancellationToken stop)
    {
        if (await store.ScheduleOf(backfill, stop) is not { } schedule)
            return await Finish(backfill, BackfillStates.Cancelled);
        var room = backfill.Concurrency - await store.Open(backfill, stop);
        if (room <= 0)
            return false;
        var terms = reader.Of(schedule);
        var times = Times(backfill, schedule, terms).Take(MostLooked).ToList();
        if (times.Count == 0)
            return await Finish(backfill, BackfillStates.Done);
        var recorded = await store.Recorded(schedule.CorrelationId, times[0], times[^1], stop);
        var step = new Step(new DuePlan(schedule, terms, clock.Now));
        foreach (var due in times)
        {
            if (step.Starts.Count == room)
                break;
            step.Look(due, recorded.GetValueOrDefault(due));
        }

        await Build(backfill, step, stop);
        await Commit(backfill, step, stop);
        return true;
    }

    /// <summary>Without those that the schedule has still to decide about.</summary>
    public static IEnumerable<DateTimeOffset> Times(Backfill backfill, Schedule schedule, ScheduleTerms terms)
    {
        var until = schedule.NextDue is { } undecided && undecided < backfill.Until ? undecided : backfill.Until;
        return terms.Timetable.From(backfill.Reached?.AddTicks(1) ?? backfill.From).TakeWhile(due => due < until)
            .Where(due => due != schedule.PendingDue);
    }

    private async Task Build(Backfill backfill, Step step, CancellationToken stop)
    {
        foreach (var start in step.Starts)
        {
            var built = await builder.Build(
                step.Plan.Schedule, step.Plan.Terms, start.Start.Due, backfill.AskedBy, step.Plan.Now, stop);
            start.Start.Built = built;
            start.Refusal = (built.Code, built.Sentence);
        }
    }

    private async Task Commit(Backfill backfill, Step step, CancellationToken stop)
    {
        var works = step.Starts.Select(start => start.Start.Work).OfType<SubmitWork>().ToList();
        var away = await operations.Away(works, stop);
        RowRef[] rows =
        [
            RowRef.Of<Backfill>(backfill.CorrelationId),
            RowRef.Of<Schedule>(backfill.ScheduleId),
            .. step.Starts.SelectMany(start => start.Start.Built!.Rows(kinds)),
            .. step.Starts.Select(start => start.Former).OfType<Occurrence>().Select(row => RowRef.Of<Occurrence>(row.CorrelationId)),
        ];
        await commits.Run(rows, async unit =>
        {
            if (await unit.Find<Backfill>(backfill.CorrelationId) is not { } row || row.Version != backfill.Version
                || await unit.Find<Schedule>(backfill.ScheduleId) is not { } schedule
                || step.Starts.Exists(start => start.Start.Due == schedule.PendingDue)) // it waits since then: look again
                return;
            foreach (var start in step.Starts)
                await Record(row, step.Plan, start, away, unit);
            row.Reached = step.Reached;
            row.Skipped += step.Skipped;
            unit.Change(row);
            unit.Change(schedule); // whoever decides at the same time has to count these
        }, stop: stop);
    }

    private static async Task Record(Backfill backfill, DuePlan plan, BackfillStart start, IReadOnlySet<Guid> away, UnitOfWork unit)
    {
        var isStart = start.Start.IsStart;
        backfill.Started += isStart ? 1 : 0;
        backfill.Failed += isStart ? 0 : 1;
        var former = start.Former is { } known ? await unit.Find<Occurrence>(known.CorrelationId) : null;
        var row = former ?? DueWriter.Row(plan, start.Start.Due, "", null);
        row.BackfillId = backfill.CorrelationId;
        row.RecordedAt = plan.Now;
        (row.Outcome, row.Reason, row.Detail) = isStart
            ? (Outcomes.Started, Reasons.Backfill, null)
            : (Outcomes.Failed, start.Refusal.Code, start.Refusal.Sentence);
        if (isStart)
        {
            DueWriter.Link(row, plan, start.Start.Built!);
            await start.Start.Built!.Accept(unit, away);
        }

        if (former is null)
            unit.Add(row);
        else
            unit.Change(row);
    }

    private async Task<bool> Finish(Backfill backfill, string state)
    {
        await commits.Run([RowRef.Of<Backfill>(backfill.CorrelationId)], async unit =>
        {
            if (await unit.Find<Backfill>(backfill.CorrelationId) is not { State: BackfillStates.Running } row)
                return;
            row.Finish(state, unit.Now);
            unit.Change(row);
        });
        return true;
    }

    /// <summary>What one step does.</summary>
    private sealed class Step(DuePlan plan)
    {
        public DuePlan Plan => plan;

        public List<BackfillStart> Starts { get; } = [];

        public DateTimeOffset? Reached { get; private set; }

        public int Skipped { get; private set; }

        public void Look(DateTimeOffset due, Occurrence? former)
        {
            Reached = due;
            if (former?.Outcome == Outcomes.Started)
                Skipped++;
            else
                Starts.Add(new BackfillStart(new PlannedStart(due, Reasons.Backfill), former));
        }
    }

    /// <param name="Former">The row of a due time at which nothing started.</param>
    private sealed record BackfillStart(PlannedStart Start, Occurrence? Former)
    {
        public (string? Code, string? Sentence) Refusal { get; set; }
    }
}
