using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Schedules.Calendars;

/// <summary>Calendars over HTTP.</summary>
internal static class CalendarEndpoints
{
    public static void MapCalendars(this IEndpointRouteBuilder routes)
    {
        var calendars = routes.MapGroup("/v1/schedule-calendars").WithTags("Schedules").RequireScope(Scope.SchedulesRead);
        calendars.MapGet("/", List).Produces<PageOf<CalendarView>>();
        calendars.MapPut("/{name}", Put).AuditedAs("calendar.put").RequireScope(Scope.SchedulesUpdate)
            .Accepts<CalendarDays>("application/json").Produces<CalendarView>();
        calendars.MapDelete("/{name}", Remove).AuditedAs("calendar.delete").RequireScope(Scope.SchedulesUpdate).Produces(204);
    }

    private static async Task<IResult> List(Caller caller, CalendarStore store, CancellationToken stop) => Results.Json(
        new PageOf<CalendarView>([.. (await store.List(caller.Tenant, stop)).Select(CalendarView.Of)], null));

    private static async Task<IResult> Put(
        string name, HttpRequest request, Caller caller, CalendarStore store, DatabaseClock clock, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<CalendarDays>(request);
        var calendar = new ScheduleCalendar
        {
            Tenant = caller.Tenant,
            Name = name,
            Days = wanted.Check(name),
            UpdatedAt = clock.Now,
            UpdatedBy = caller.Name,
        };
        await store.Put(calendar, stop);
        return Results.Json(CalendarView.Of(calendar));
    }

    private static async Task<IResult> Remove(string name, Caller caller, CalendarStore store, CancellationToken stop)
    {
        if ((await store.UsersOf(caller.Tenant, name, stop)).Count > 0)
            return Problem.Conflict("calendar_in_use", "Schedules name this calendar; change them first.");
        return await store.Remove(caller.Tenant, name, stop) ? Results.NoContent() : Problem.NotFound("calendar");
    }
}
