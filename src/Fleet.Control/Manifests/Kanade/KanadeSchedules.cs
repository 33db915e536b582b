using System.Text.Json.Nodes;
using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Documents;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>Schedules of manifests over this wire: posted, stopped, and removed.</summary>
internal static class KanadeSchedules
{
    public static void MapKanadeSchedules(this IEndpointRouteBuilder api)
    {
        api.MapGet("/schedules", List).SayingWhy(Scope.SchedulesRead);
        api.MapPost("/schedules", Post).AuditedAs("kanade.schedule_upsert").SayingWhy(Scope.SchedulesCreate)
            .Accepts<object>("application/json", "application/yaml", KnownJson.AnyType).Produces<KanadeScheduleAnswer>();
        api.MapDelete("/schedules/{scheduleId}", Remove).AuditedAs("kanade.schedule_delete").SayingWhy(Scope.SchedulesUpdate).Produces(204);
        api.MapPost("/schedules/{scheduleId}/disable", Disable).AuditedAs("kanade.schedule_disable").SayingWhy(Scope.SchedulesUpdate)
            .Produces(204);
        api.MapPost("/schedules/{scheduleId}/enable", Enable).AuditedAs("kanade.schedule_enable").SayingWhy(Scope.SchedulesUpdate)
            .Produces(204);
        api.MapGet("/schedules/{scheduleId}/yaml", Yaml).SayingWhy(Scope.SchedulesRead);
        api.MapKanadeScheduleViews();
    }

    public static ProblemResult Unknown(string id) => new(404, "not_found", $"schedule '{id}' not found");

    private static async Task<IResult> List(Caller caller, RecurringStore store, CancellationToken stop)
    {
        var rows = new JsonArray();
        foreach (var schedule in await store.List(caller.Tenant, stop))
        {
            var row = DocumentText.Read(schedule.Text, schedule.IsYaml).Root.DeepClone().AsObject();
            row["enabled"] = schedule.Enabled; // its clients show the switch by it, also where the document leaves it out
            rows.Add(row);
        }

        return Results.Json(rows);
    }

    private static async Task<IResult> Post(
        HttpRequest request, Caller caller, RecurringStore store, ManifestStore manifests, IDbContextFactory<FleetDbContext> contexts,
        CancellationToken stop)
    {
        var text = await KanadeCatalogue.Read(request);
        var findings = new DocumentFindings();
        var document = ScheduleReader.Read(text, findings) ?? throw KanadeCatalogue.Wrong($"invalid schedule: {findings.Line}");
        if (await manifests.Find(document.JobId, caller.Tenant, stop) is null)
            throw KanadeCatalogue.Wrong($"unknown job_id '{document.JobId}': post the job first");
        await using var db = await contexts.CreateDbContextAsync(stop);
        await store.Post(db, text, document, caller, stop);
        return Results.Json(new KanadeScheduleAnswer(document.Id, document.When.Line, document.Enabled, document.JobId));
    }

    private static async Task<IResult> Remove(string scheduleId, Caller caller, RecurringStore store, CancellationToken stop)
    {
        await store.Remove(caller.Tenant, scheduleId, stop);
        return Results.NoContent();
    }

    /// <summary>With <c>cascade</c> its manifest is revoked, with <c>cascade_kill</c> what runs of it is ended.</summary>
    private static async Task<IResult> Disable(
        string scheduleId, HttpRequest request, Caller caller, RecurringStore store, Revoking revoking, ExecutionStore executions,
        ExecutionOperations operations, CancellationToken stop)
    {
        var (cascade, kill) = (KanadeQuery.Flag(request, "cascade"), KanadeQuery.Flag(request, "cascade_kill"));
        if (await store.Find(caller.Tenant, scheduleId, stop) is not { } schedule)
            return Unknown(scheduleId);
        if (schedule.Enabled)
            await store.Enable(schedule, false, stop);
        var underWay = kill ? await executions.NotOver(caller.Tenant, schedule.Manifest, "", stop) : [];
        foreach (var execution in underWay)
            await operations.Abort(execution, $"killed by {caller.Name}", endRunning: true, stop);
        if (cascade)
            await revoking.Revoke(schedule.Manifest, "", caller, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Enable(string scheduleId, Caller caller, RecurringStore store, CancellationToken stop)
    {
        if (await store.Find(caller.Tenant, scheduleId, stop) is not { } schedule)
            return Unknown(scheduleId);
        if (!schedule.Enabled)
            await store.Enable(schedule, true, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Yaml(string scheduleId, Caller caller, RecurringStore store, CancellationToken stop) =>
        await store.Find(caller.Tenant, scheduleId, stop) is { } schedule
            ? KanadeCatalogue.Yaml(schedule.Text, schedule.IsYaml)
            : Unknown(scheduleId);
}

internal sealed record KanadeScheduleAnswer(string Id, string When, bool Enabled, string JobId);
