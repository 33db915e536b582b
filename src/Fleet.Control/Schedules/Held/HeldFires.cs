using Fleet.Control.Platform.Agents;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Submissions;
using Fleet.Control.Platform.Work;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Held;

/// <summary>
/// Due times that agents tell of: each is an occurrence like any other, once, whether it is told at once or after a time in
/// which the agent was cut off. An agent decides when it says so, and not when a schedule is due: times that the schedule does
/// not have, by wall clocks of its time zone, start nothing.
/// </summary>
internal sealed class HeldFires(
    HeldScheduleStore held,
    DueQueries queries,
    TermsReader reader,
    DueBuilder builder,
    WorkKinds kinds,
    WorkOperations operations,
    GroupCommit commits,
    DatabaseClock clock,
    ScheduleSettings settings)
{
    /// <summary>An agent's clock may be so far ahead.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    public async Task<HeldFire> Record(string agent, Guid id, DateTimeOffset told, CancellationToken stop)
    {
        var rows = await held.Rows(agent, stop);
        var now = Microseconds(clock.Now);
        var due = Minute(told);
        if (rows.FirstOrDefault(row => row.CorrelationId == id) is not { } found)
            return HeldFire.Unknown;
        var terms = reader.Of(found);
        if (due > now + Ahead || terms.Timetable.Next(due.AddTicks(-1)) != due)
            return HeldFire.NotDue;
        if (await held.IsRecorded(id, due, stop))
            return HeldFire.Recorded;
        var open = (await queries.Open([id], stop))[id].Any();
        var planned = Decide(found, terms, due, now, open, await Frozen(terms, stop));
        var start = planned is null
            ? new PlannedStart(due, Reasons.Held) { Built = await Build(found, terms, due, now, stop) }
            : null;
        var away = start?.Work is { } wanted ? await operations.Away([wanted], stop) : new HashSet<Guid>();
        RowRef[] touched = [RowRef.Of<Schedule>(id), .. start?.Built?.Rows(kinds) ?? []];
        await commits.Run(touched, async unit =>
        {
            if (await unit.Find<Schedule>(id) is not { } schedule || await held.IsRecorded(id, due, stop))
                return;
            var plan = new DuePlan(schedule, terms, now);
            if (planned is { } other)
                unit.Add(DueWriter.Row(plan, due, other.Outcome, other.Reason, other.Detail));
            else if (!start!.IsStart)
                unit.Add(DueWriter.Row(plan, due, Outcomes.Failed, start.Built!.Code, start.Built.Sentence));
            else
                await DueWriter.Start(plan, start, away, unit);
            if (schedule.NextDue <= due)
                schedule.NextDue = terms.Timetable.Next(due);
            unit.Change(schedule);
        }, waitsForDatabase: true, stop);
        return HeldFire.Recorded;
    }

    /// <summary>What is recorded instead of a start; null where it starts.</summary>
    private PlannedOccurrence? Decide(
        Schedule schedule, ScheduleTerms terms, DateTimeOffset due, DateTimeOffset now, bool isBusy, string? frozen)
    {
        var late = now - due;
        if (schedule.Paused)
            return new PlannedOccurrence(due, Outcomes.Skipped, Reasons.Paused, null);
        if (late > terms.StartingDeadline)
            return new PlannedOccurrence(due, Outcomes.Late, Reasons.StartingDeadline, null);
        if (late > TimeSpan.FromSeconds(settings.MissedAfterSeconds) && terms.Missed == Missed.None)
            return new PlannedOccurrence(due, Outcomes.Missed, Reasons.NotCaughtUp, null);
        if (late > terms.CatchUp)
            return new PlannedOccurrence(due, Outcomes.Missed, Reasons.CatchUpWindow, null);
        if (frozen is not null)
            return new PlannedOccurrence(due, Outcomes.Skipped, Reasons.Frozen, frozen);
        return isBusy && terms.Overlap != Overlap.Allow
            ? new PlannedOccurrence(due, Outcomes.Skipped, Reasons.StillRunning, null)
            : null;
    }

    /// <summary>Groups of work are refused here too: a definition that is kept may ask for one.</summary>
    private async Task<BuiltSubmission> Build(
        Schedule schedule, ScheduleTerms terms, DateTimeOffset due, DateTimeOffset now, CancellationToken stop) =>
        await builder.Build(schedule, terms, due, askedBy: null, now, stop) is { Group: null } single
            ? single
            : new BuiltSubmission(null, BuiltSubmission.Refused, HeldRules.SingleWork);

    private async Task<string?> Frozen(ScheduleTerms terms, CancellationToken stop)
    {
        var all = await queries.Freezes(stop);
        var freeze = all.FirstOrDefault(one => one.Kinds.Length == 0 || one.Kinds.Intersect(terms.WorkKinds).Any());
        return freeze is null ? null : DueRound.SentenceOf(freeze);
    }

    /// <summary>Five fields name minutes; an agent's clock shows some seconds of one when it looks.</summary>
    private static DateTimeOffset Minute(DateTimeOffset at) =>
        new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    /// <summary>As PostgreSQL keeps times.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
