using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Schedules.Declared;
using Fleet.Control.Schedules.Occurrences;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>What is done with a schedule, and what came of its due times.</summary>
internal static class ScheduleActionEndpoints
{
    public static void MapScheduleActions(this IEndpointRouteBuilder schedules)
    {
        schedules.MapGet("/{scheduleId}/occurrences", Occurrences).Produces<PageOf<OccurrenceView>>();
        schedules.MapPost("/{scheduleId}/pause", Pause).Takes("cascade").AuditedAs("schedule.pause").RequireScope(Scope.SchedulesUpdate)
            .Produces<ScheduleView>();
        schedules.MapPost("/{scheduleId}/resume", Resume).AuditedAs("schedule.resume").RequireScope(Scope.SchedulesUpdate)
            .Produces<ScheduleView>();
        schedules.MapPost("/{scheduleId}/run", Run).AuditedAs("schedule.run").RequireScope(Scope.SchedulesUpdate)
            .Produces<OccurrenceView>(202);
    }

    private static async Task<IResult> Occurrences(
        string scheduleId, OccurrenceFilter filter, Page page, Caller caller, ScheduleStore store, DeclaredStore declared,
        OccurrenceStore occurrences, CancellationToken stop)
    {
        var id = (await store.FindRow(scheduleId, caller, stop))?.CorrelationId
            ?? (await declared.Find(scheduleId, caller, stop))?.Schedule.Id;
        return id is { } found ? Results.Json(await occurrences.List(found, filter, page, stop)) : Problem.NotFound("schedule");
    }

    /// <summary>With <c>{"cascade": true}</c> or <c>?cascade=true</c>, what it started is cancelled.</summary>
    private static async Task<IResult> Pause(
        string scheduleId, HttpRequest request, Caller caller, ScheduleStore store, ScheduleOperations operations,
        ScheduleChanges changes, DeclaredStore declared, DeclaredOperations others, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        if (await store.FindRow(scheduleId, caller, stop) is not { } schedule)
        {
            return await declared.Find(scheduleId, caller, stop) is { } found
                ? await others.Pause(found, true, Cascade.Of(request, body.Span), caller, stop)
                : Problem.NotFound("schedule");
        }

        var cascade = Cascade.Of(request, body.Span);
        var answer = await operations.Pause(Request.Of(request, caller, body.Memory), schedule, cascade, stop);
        return await changes.Shown(request, schedule, answer, caller, stop);
    }

    private static async Task<IResult> Resume(
        string scheduleId, HttpRequest request, Caller caller, ScheduleStore store, ScheduleOperations operations,
        ScheduleChanges changes, DeclaredStore declared, DeclaredOperations others, CancellationToken stop)
    {
        if (await store.FindRow(scheduleId, caller, stop) is not { } schedule)
        {
            return await declared.Find(scheduleId, caller, stop) is { } found
                ? await others.Pause(found, false, false, caller, stop)
                : Problem.NotFound("schedule");
        }

        await JsonBody.ReadNothing(request);
        var answer = await operations.Resume(Request.Of(request, caller), schedule, stop);
        return await changes.Shown(request, schedule, answer, caller, stop);
    }

    private static async Task<IResult> Run(
        string scheduleId, HttpRequest request, Caller caller, ScheduleStore store, RunNow now, CancellationToken stop)
    {
        if (await store.Find(scheduleId, caller, stop) is not { } schedule)
            return Problem.NotFound("schedule");
        await JsonBody.ReadNothing(request);
        return await now.Run(Request.Of(request, caller), schedule, stop);
    }
}
