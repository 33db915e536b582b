using System.Text.Json;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Endpoints;
using Fleet.Control.Schedules.Held;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Control.Schedules.Timing;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules;

/// <summary>What can be done to schedules. Each is one unit, with its audit and its idempotency key.</summary>
internal sealed class ScheduleOperations(
    IdempotentWork once, OpenWorkCancellation cancellation, DueQueries queries, TermsReader reader, HeldSchedulePush held)
{
    public Task<Answer> Create(Request by, ScheduleDraft draft, DateTimeOffset created, CancellationToken stop)
    {
        var id = WireId.New();
        return Told(once.Run(by, [RowRef.New<Schedule>(id)], unit =>
        {
            var row = new Schedule
            {
                CorrelationId = id,
                Tenant = by.Caller.Tenant,
                Lane = Lanes.Of(id),
                CreatedAt = created,
                Owner = by.Caller.KeyId,
                CreatedBy = by.Caller.Name,
            };
            Take(row, draft, unit.Now);
            row.NextDue = row.Paused ? null : draft.Terms.Timetable.Next(created);
            row.Wake(draft.Terms, unit.Now);
            unit.Add(row);
            return Task.FromResult(Answer.Created(ScheduleLinksView.SelfOf(id), ScheduleView.Of(row, draft.Terms, null)));
        }, stop), draft.Terms.Definition.HeldBy);
    }

    /// <param name="found">The row that the draft was made from.</param>
    public Task<Answer> Change(Request by, Schedule found, ScheduleDraft draft, CancellationToken stop) =>
        Told(Change(by, found, [], (row, unit) =>
        {
            if (row.Revision != found.Revision)
                throw new ProblemException(IfMatch.Changed());
            row.Revision++;
            var wasPaused = row.Paused;
            if (!TermsReader.DefinitionOf(row).StartsAs(draft.Terms.Definition))
                (row.Owner, row.CreatedBy) = (by.Caller.KeyId, by.Caller.Name);
            Take(row, draft, unit.Now);
            if (row.Paused && !wasPaused)
                LetGo(row, draft.Terms, unit);
            row.Plan(draft.Terms, unit.Now);
            return Task.FromResult(Show(row, draft.Terms));
        }, stop), draft.Terms.Definition.HeldBy);

    /// <summary>Nothing is due until it is resumed; what waits is let go.</summary>
    /// <param name="cascade">Whether what it started is cancelled.</param>
    public async Task<Answer> Pause(Request by, Schedule found, bool cascade, CancellationToken stop)
    {
        var open = await Open(found, cascade, stop);
        return await Change(by, found, open, async (row, unit) =>
        {
            await cancellation.Cancel(open, by.Caller.Name, unit);
            var terms = reader.Of(row);
            if (row.Paused)
                return Show(row, terms);
            LetGo(row, terms, unit);
            row.Paused = true;
            row.Revision++;
            row.UpdatedAt = unit.Now;
            row.Plan(terms, unit.Now);
            return Show(row, terms);
        }, stop);
    }

    /// <summary>What was due meanwhile is not made up for.</summary>
    public Task<Answer> Resume(Request by, Schedule found, CancellationToken stop) => Change(by, found, [], (row, unit) =>
    {
        var terms = reader.Of(row);
        if (row.Paused)
        {
            row.Paused = false;
            row.Revision++;
            row.UpdatedAt = unit.Now;
            row.Plan(terms, unit.Now);
        }

        return Task.FromResult(Show(row, terms));
    }, stop);

    /// <summary>Its occurrences go with it; what it started goes on, unless it is cancelled.</summary>
    public async Task<Answer> Delete(Request by, Schedule found, bool cascade, CancellationToken stop)
    {
        var open = await Open(found, cascade, stop);
        return await Told(once.Run(by, RowsOf(found, open), async unit =>
        {
            if (await unit.Find<Schedule>(found.CorrelationId) is not { } row)
                throw new ProblemException(Problem.NotFound("schedule"));
            await cancellation.Cancel(open, by.Caller.Name, unit);
            unit.Remove(row);
            return new Answer(StatusCodes.Status204NoContent, "");
        }, stop), HolderOf(found));
    }

    private Task<Answer> Change(
        Request by, Schedule found, IReadOnlyList<OpenWork> open, Func<Schedule, UnitOfWork, Task<Answer>> change,
        CancellationToken stop) =>
        Told(once.Run(by, RowsOf(found, open), async unit =>
        {
            if (await unit.Find<Schedule>(found.CorrelationId) is not { } row)
                throw new ProblemException(Problem.NotFound("schedule"));
            var answer = await change(row, unit);
            unit.Change(row);
            return answer;
        }, stop), HolderOf(found));

    private static string? HolderOf(Schedule row) => TermsReader.DefinitionOf(row).HeldBy;

    /// <summary>After the change, whoever holds the schedule is told.</summary>
    private async Task<Answer> Told(Task<Answer> change, string? holder)
    {
        var answer = await change;
        await held.Changed(holder, CancellationToken.None);
        return answer;
    }

    private RowRef[] RowsOf(Schedule schedule, IReadOnlyList<OpenWork> open) =>
        [RowRef.Of<Schedule>(schedule.CorrelationId), .. cancellation.RowsOf(open)];

    private async Task<IReadOnlyList<OpenWork>> Open(Schedule schedule, bool wanted, CancellationToken stop) =>
        wanted ? [.. (await queries.Open([schedule.CorrelationId], stop))[schedule.CorrelationId]] : [];

    /// <summary>What waits when a schedule is paused does not start.</summary>
    private static void LetGo(Schedule row, ScheduleTerms terms, UnitOfWork unit)
    {
        if (row.PendingDue is { } pending)
            unit.Add(DueWriter.Row(new DuePlan(row, terms, unit.Now), pending, Outcomes.Skipped, Reasons.Paused));
        (row.PendingDue, row.PendingRetryAt, row.PendingTries) = (null, null, 0);
    }

    private static void Take(Schedule row, ScheduleDraft draft, DateTimeOffset now)
    {
        row.Name = draft.Terms.Definition.Name!;
        row.Definition = JsonSerializer.Serialize(draft.Terms.Definition, FleetJson.Options);
        row.CalendarDays = draft.CalendarDays;
        row.Paused = draft.Terms.Definition.Paused;
        row.UpdatedAt = now;
    }

    private static Answer Show(Schedule row, ScheduleTerms terms) =>
        new(StatusCodes.Status200OK, Answer.Write(ScheduleView.Of(row, terms, null)));
}
