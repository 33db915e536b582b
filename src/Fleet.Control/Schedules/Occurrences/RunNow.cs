using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Schedules.Terms;

namespace Fleet.Control.Schedules.Occurrences;

/// <summary>
/// An occurrence beside the due times, because somebody asks for it. It starts whatever else runs, and also while the
/// schedule is paused.
/// </summary>
internal sealed class RunNow(
    IdempotentWork once, TermsReader reader, DueBuilder builder, WorkKinds kinds, WorkOperations operations, DatabaseClock clock)
{
    public async Task<Answer> Run(Request by, Schedule found, CancellationToken stop)
    {
        var now = Microseconds(clock.Now);
        var terms = reader.Of(found);
        var built = await builder.Build(found, terms, now, by.Caller.KeyId, now, stop);
        var away = built.Work is { } wanted ? await operations.Away([wanted], stop) : new HashSet<Guid>();
        RowRef[] rows = [RowRef.Of<Schedule>(found.CorrelationId), .. built.Rows(kinds)];
        return await once.Run(by, rows, async unit =>
        {
            if (await unit.Find<Schedule>(found.CorrelationId) is not { } schedule)
                throw new ProblemException(Problem.NotFound("schedule"));
            var plan = new DuePlan(schedule, terms, now);
            var start = new PlannedStart(now, Reasons.Manual) { Built = built };
            var row = start.IsStart
                ? await DueWriter.Start(plan, start, away, unit)
                : DueWriter.Row(plan, now, Outcomes.Failed, built.Code, built.Sentence);
            row.LatenessMs = 0;
            if (row.WorkId is null)
                unit.Add(row);
            unit.Change(schedule); // whoever decides at the same time has to count this one
            return new Answer(StatusCodes.Status202Accepted, Answer.Write(OccurrenceView.Of(row, built.Group?.Word ?? "queued")));
        }, stop);
    }

    /// <summary>As PostgreSQL keeps times.</summary>
    private static DateTimeOffset Microseconds(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
}
