using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Occurrences;
using Fleet.Control.Schedules.Terms;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Schedules.Backfills;

/// <summary>Backfills over HTTP.</summary>
internal static class BackfillEndpoints
{
    private const int Most = 10_000;
    private const int Shown = 100;

    public static void MapBackfills(this IEndpointRouteBuilder schedules)
    {
        schedules.MapPost("/{scheduleId}/backfill", Begin).AuditedAs("schedule.backfill").RequireScope(Scope.SchedulesUpdate)
            .Accepts<BackfillRequest>("application/json").Produces<BackfillForecast>().Produces<BackfillView>(202);
        schedules.MapGet("/{scheduleId}/backfills", List).Produces<PageOf<BackfillView>>();
        schedules.MapGet("/{scheduleId}/backfills/{backfillId}", Show).Produces<BackfillView>();
        schedules.MapPost("/{scheduleId}/backfills/{backfillId}/cancellation", Cancel).AuditedAs("schedule.cancel_backfill")
            .RequireScope(Scope.SchedulesUpdate).Produces<BackfillView>();
    }

    private static async Task<IResult> Begin(
        string scheduleId, HttpRequest request, Caller caller, ScheduleStore schedules, BackfillStore store, TermsReader reader,
        IdempotentWork once, DatabaseClock clock, CancellationToken stop)
    {
        if (await schedules.Find(scheduleId, caller, stop) is not { } schedule)
            return Problem.NotFound("schedule");
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<BackfillRequest>(body.Span);
        wanted.Check(clock.Now);
        var row = new Backfill
        {
            CorrelationId = WireId.New(),
            ScheduleId = schedule.CorrelationId,
            From = wanted.From!.Value,
            Until = wanted.Until!.Value,
            Concurrency = wanted.Concurrency,
            CreatedBy = caller.Name,
            AskedBy = caller.KeyId,
        };
        var times = BackfillStep.Times(row, schedule, reader.Of(schedule)).Take(Most + 1).ToList();
        if (times.Count > Most)
            throw new ProblemException(Problem.Invalid("until", $"A backfill has at most {Most} due times; take a shorter range."));
        if (wanted.DryRun)
            return Results.Json(await Foresee(schedule, times, store, stop));
        row.Total = times.Count;
        return await once.Run(Request.Of(request, caller, body.Memory), [RowRef.New<Backfill>(row.CorrelationId)], unit =>
        {
            row.CreatedAt = unit.Now;
            unit.Add(row);
            return Task.FromResult(new Answer(
                StatusCodes.Status202Accepted,
                Answer.Write(BackfillView.Of(row)),
                $"{ScheduleLinksView.SelfOf(schedule.CorrelationId)}/backfills/{WireId.Format(row.CorrelationId)}"));
        }, stop);
    }

    private static async Task<BackfillForecast> Foresee(
        Schedule schedule, List<DateTimeOffset> times, BackfillStore store, CancellationToken stop)
    {
        if (times.Count == 0)
            return new BackfillForecast(true, 0, 0, []);
        var recorded = await store.Recorded(schedule.CorrelationId, times[0], times[^1], stop);
        var open = times.Where(due => recorded.GetValueOrDefault(due)?.Outcome != Outcomes.Started).ToList();
        return new BackfillForecast(true, times.Count, times.Count - open.Count, [.. open.Take(Shown)]);
    }

    private static async Task<IResult> List(
        string scheduleId, Page page, Caller caller, ScheduleStore schedules, BackfillStore store, CancellationToken stop) =>
        await schedules.Find(scheduleId, caller, stop) is { } schedule
            ? Results.Json(await store.List(schedule.CorrelationId, page, stop))
            : Problem.NotFound("schedule");

    private static async Task<IResult> Show(
        string scheduleId, string backfillId, Caller caller, ScheduleStore schedules, BackfillStore store, CancellationToken stop) =>
        await schedules.Find(scheduleId, caller, stop) is { } schedule
            && await store.Find(schedule.CorrelationId, backfillId, stop) is { } backfill
            ? Results.Json(BackfillView.Of(backfill))
            : Problem.NotFound("backfill");

    /// <summary>Nothing more starts; what was started goes on.</summary>
    private static async Task<IResult> Cancel(
        string scheduleId, string backfillId, HttpRequest request, Caller caller, ScheduleStore schedules, BackfillStore store,
        IdempotentWork once, CancellationToken stop)
    {
        if (await schedules.Find(scheduleId, caller, stop) is not { } schedule
            || await store.Find(schedule.CorrelationId, backfillId, stop) is not { } backfill)
            return Problem.NotFound("backfill");
        return await once.Run(Request.Of(request, caller), [RowRef.Of<Backfill>(backfill.CorrelationId)], async unit =>
        {
            var row = await unit.Find<Backfill>(backfill.CorrelationId) ?? throw new ProblemException(Problem.NotFound("backfill"));
            if (row.State == BackfillStates.Running)
            {
                row.Finish(BackfillStates.Cancelled, unit.Now);
                unit.Change(row);
            }

            return new Answer(StatusCodes.Status200OK, Answer.Write(BackfillView.Of(row)));
        }, stop);
    }
}
