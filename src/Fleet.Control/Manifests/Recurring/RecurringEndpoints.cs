using System.Text.Json.Serialization;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Manifests.Recurring;

/// <summary>
/// Schedules of manifests in the native API: posted as documents, and found by their names. They are rows of <c>/v1/schedules</c>
/// too.
/// </summary>
internal static class RecurringEndpoints
{
    public static void MapRecurring(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/manifest-schedules").WithTags("Schedules").RequireScope(Scope.SchedulesRead);
        all.MapGet("/", List).Produces<PageOf<RecurringView>>();
        all.MapPost("/", Post).AuditedAs("manifest_schedule.post").RequireScope(Scope.SchedulesCreate)
            .Accepts<object>("application/json", "application/yaml", KnownJson.AnyType).Produces<RecurringView>(201);
        all.MapGet("/{name}/text", Text);
        all.MapGet("/{name}", Show).Produces<RecurringView>();
        all.MapPost("/{name}/pause", Pause).AuditedAs("manifest_schedule.pause").RequireScope(Scope.SchedulesUpdate)
            .Produces<RecurringView>();
        all.MapPost("/{name}/resume", Resume).AuditedAs("manifest_schedule.resume").RequireScope(Scope.SchedulesUpdate)
            .Produces<RecurringView>();
        all.MapDelete("/{name}", Remove).AuditedAs("manifest_schedule.delete").RequireScope(Scope.SchedulesUpdate).Produces(204);
    }

    /// <summary>One of the same name is replaced. The same document again, of the same key, changes nothing.</summary>
    private static async Task<IResult> Post(
        HttpRequest request, Caller caller, RecurringStore store, ManifestStore manifests, DatabaseClock time, IdempotentChange once,
        CancellationToken stop)
    {
        var isYaml = ManifestEndpoints.IsYaml(request);
        using var body = await BodyBytes.Read(request);
        var findings = new DocumentFindings();
        var text = ManifestEndpoints.Read(body, isYaml);
        var document = ScheduleReader.Read(text, findings) ?? throw new ProblemException(Problem.Invalid(findings.ByField));
        if (await manifests.Find(document.JobId, caller.Tenant, stop) is null)
            throw new ProblemException(Problem.Invalid("job_id", "There is no such manifest: post it first."));
        var isNew = await store.Find(caller.Tenant, document.Id, stop) is null;
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var row = await store.Post(db, text, document, caller, stop);
            var view = RecurringView.Of(row, time.Now);
            return isNew
                ? Answer.Created($"/v1/manifest-schedules/{row.Name}", view)
                : new Answer(StatusCodes.Status200OK, Answer.Write(view));
        }, stop);
    }

    /// <summary>As it was posted, byte for byte; only <c>enabled</c> in it follows what became of the schedule.</summary>
    private static async Task<IResult> Text(string name, Caller caller, RecurringStore store, CancellationToken stop) =>
        await store.Find(caller.Tenant, name, stop) is { } row
            ? Results.Bytes(row.Text, row.IsYaml ? "application/yaml" : "application/json")
            : Problem.NotFound("schedule");

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
    [property: JsonConverter(typeof(WireIdConverter))] Guid ScheduleId, string Name, int Revision, string Manifest,
    string? When, string? TimeZone, bool Paused, IReadOnlyList<DateTimeOffset> Next,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, string CreatedBy)
{
    private const int Shown = 5;

    public static RecurringView Of(RecurringSchedule row, DateTimeOffset now)
    {
        var document = RecurringStore.Read(row);
        return new RecurringView(
            row.Id, row.Name, row.Revision, row.Manifest, document?.When.Line, document?.Zone.Id, !row.Enabled,
            row.Enabled && document is not null ? [.. ScheduleTimes.After(document, now).Take(Shown)] : [],
            row.CreatedAt, row.UpdatedAt, row.By);
    }
}
