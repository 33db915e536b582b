using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Schedules.Declared;
using Fleet.Control.Schedules.Terms;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Schedules.Endpoints;

/// <summary>Schedules over HTTP: made, changed, looked at and deleted.</summary>
internal static class ScheduleEndpoints
{
    public static void MapScheduleEndpoints(this IEndpointRouteBuilder schedules)
    {
        schedules.MapPost("/", Create).AuditedAs("schedule.create").RequireScope(Scope.SchedulesCreate)
            .Accepts<ScheduleRequest>("application/json").Produces<ScheduleView>(201);
        schedules.MapGet("/", List).Produces<PageOf<ScheduleView>>();
        schedules.MapGet("/{scheduleId}", Show).Produces<ScheduleView>();
        schedules.MapPut("/{scheduleId}", Replace).AuditedAs("schedule.change").RequireScope(Scope.SchedulesUpdate)
            .Accepts<ScheduleRequest>("application/json").Produces<ScheduleView>();
        schedules.MapPatch("/{scheduleId}", Change).AuditedAs("schedule.change").RequireScope(Scope.SchedulesUpdate)
            .Accepts<ScheduleRequest>("application/json").Produces<ScheduleView>();
        schedules.MapDelete("/{scheduleId}", Delete).Takes("cascade").AuditedAs("schedule.delete").RequireScope(Scope.SchedulesUpdate)
            .Produces(204);
    }

    private static async Task<IResult> Create(
        HttpRequest request, HttpResponse response, Caller caller, IdempotentWork once, ScheduleDrafts drafts,
        ScheduleOperations operations, DatabaseClock clock, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var by = Request.Of(request, caller, body.Memory);
        var answer = await once.Known(by, stop) ?? await Make(by, body, drafts, operations, clock.Now, stop);
        response.Tag(1);
        return answer;
    }

    private static async Task<Answer> Make(
        Request by, BodyBytes body, ScheduleDrafts drafts, ScheduleOperations operations, DateTimeOffset now, CancellationToken stop)
    {
        var draft = await drafts.Read(JsonBody.Parse<ScheduleRequest>(body.Span), by.Caller, by.Caller.Tenant, now, now, stop);
        return await operations.Create(by, draft, now, stop);
    }

    private static async Task<IResult> List(
        [FromQuery] string? name, Page page, Caller caller, ScheduleStore store, CancellationToken stop) =>
        Results.Json(await store.List(name, page, caller, stop));

    private static async Task<IResult> Show(
        string scheduleId, HttpResponse response, Caller caller, ScheduleStore store, DeclaredStore declared, CancellationToken stop)
    {
        if (await store.FindRow(scheduleId, caller, stop) is not { } schedule)
        {
            return await declared.Find(scheduleId, caller, stop) is { } found
                ? Results.Json(await declared.View(found.Schedule, stop))
                : Problem.NotFound("schedule");
        }

        response.Tag(schedule.Revision);
        return Results.Json(await store.View(schedule, stop));
    }

    private static async Task<IResult> Replace(
        string scheduleId, HttpRequest request, Caller caller, IdempotentWork once, ScheduleStore store, ScheduleChanges changes,
        CancellationToken stop)
    {
        if (await store.Find(scheduleId, caller, stop) is not { } schedule)
            return Problem.NotFound("schedule");
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        if (await once.Known(Request.Of(request, caller, body.Memory), stop) is { } known)
            return known;
        IfMatch.Require(request, schedule);
        return await changes.Apply(schedule, JsonBody.Parse<ScheduleRequest>(body.Span), request, body.Memory, caller, stop);
    }

    /// <summary>What is not given stays; what is null has its default again.</summary>
    private static async Task<IResult> Change(
        string scheduleId, HttpRequest request, Caller caller, IdempotentWork once, ScheduleStore store, ScheduleChanges changes,
        CancellationToken stop)
    {
        if (await store.Find(scheduleId, caller, stop) is not { } schedule)
            return Problem.NotFound("schedule");
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        if (await once.Known(Request.Of(request, caller, body.Memory), stop) is { } known)
            return known;
        IfMatch.Require(request, schedule);
        return await changes.Apply(schedule, ScheduleDrafts.Merge(schedule, body.Span), request, body.Memory, caller, stop);
    }

    /// <summary>With <c>?cascade=true</c>, what it started is cancelled.</summary>
    private static async Task<IResult> Delete(
        string scheduleId, HttpRequest request, Caller caller, ScheduleStore store, ScheduleOperations operations,
        DeclaredStore declared, DeclaredOperations others, CancellationToken stop)
    {
        if (await store.FindRow(scheduleId, caller, stop) is not { } schedule)
        {
            return await declared.Find(scheduleId, caller, stop) is { } found
                ? await others.Delete(found, Cascade.Of(request), caller, stop)
                : Problem.NotFound("schedule");
        }

        if (request.Headers.IfMatch.Count > 0)
            IfMatch.Require(request, schedule);
        await operations.Delete(Request.Of(request, caller), schedule, Cascade.Of(request), stop);
        return Results.NoContent();
    }
}
