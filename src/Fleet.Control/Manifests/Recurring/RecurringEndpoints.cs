using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// Schedules of manifests in the native API: seen, paused and removed beside those of <c>/v1/schedules</c>. They are posted as
/// documents over kanade's wire.
/// </summary>
internal static class RecurringEndpoints
{
    public static void MapRecurring(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/manifest-schedules").WithTags("Schedules").RequireScope(Scope.SchedulesRead);
        all.MapGet("/", List).Produces<PageOf<RecurringView>>();
        all.MapGet("/{name}", Show).Produces<RecurringView>();
        all.MapPost("/{name}/pause", Pause).AuditedAs("manifest_schedule.pause").RequireScope(Scope.SchedulesUpdate)
            .Produces<RecurringView>();
        all.MapPost("/{name}/resume", Resume).AuditedAs("manifest_schedule.resume").RequireScope(Scope.SchedulesUpdate)
            .Produces<RecurringView>();
        all.MapDelete("/{name}", Remove).AuditedAs("manifest_schedule.delete").RequireScope(Scope.SchedulesUpdate).Produces(204);
    }

    /// <summary>By name.</summary>
    private static async Task<IResult> List(Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop) =>
        Results.Json(new PageOf<RecurringView>(
            [.. (await store.List(caller.Tenant, stop)).Select(row => RecurringView.Of(row, time.Now))], null));

    private static async Task<IResult> Show(
        string name, Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop) =>
        await store.Find(caller.Tenant, name, stop) is { } row
            ? Results.Json(RecurringView.Of(row, time.Now))
            : Problem.NotFound("schedule");

    private static Task<IResult> Pause(
        string name, HttpRequest request, Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop) =>
        Switch(name, false, request, caller, store, time, stop);

    private static Task<IResult> Resume(
        string name, HttpRequest request, Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop) =>
        Switch(name, true, request, caller, store, time, stop);

    private static async Task<IResult> Remove(string name, Caller caller, RecurringStore store, CancellationToken stop)
    {
        if (await store.Find(caller.Tenant, name, stop) is null)
            return Problem.NotFound("schedule");
        await store.Remove(caller.Tenant, name, stop);
        return Results.NoContent();
    }

    /// <summary>Again changes nothing.</summary>
    private static async Task<IResult> Switch(
        string name, bool enabled, HttpRequest request, Caller caller, RecurringStore store, DatabaseClock time, CancellationToken stop)
    {
        if (await store.Find(caller.Tenant, name, stop) is not { } row)
            return Problem.NotFound("schedule");
        await JsonBody.ReadNothing(request);
        if (row.Enabled != enabled)
            await store.Enable(row, enabled, stop);
        return await Show(name, caller, store, time, stop);
    }
}

/// <summary>A schedule of a manifest, as the native API shows it.</summary>
/// <param name="When">In one line.</param>
/// <param name="Next">The next times; empty where it is paused, and where it goes by results or events and not by times.</param>
internal sealed record RecurringView(
    string Name, string Manifest, string? When, string? TimeZone, bool Paused, IReadOnlyList<DateTimeOffset> Next,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy)
{
    private const int Shown = 5;

    public static RecurringView Of(RecurringSchedule row, DateTimeOffset now)
    {
        var document = RecurringStore.Read(row);
        return new RecurringView(
            row.Name, row.Manifest, document?.When.Line, document?.Zone.Id, !row.Enabled,
            row.Enabled && document is not null ? [.. ScheduleTimes.After(document, now).Take(Shown)] : [],
            row.CreatedAt, row.UpdatedAt, row.By);
    }
}
