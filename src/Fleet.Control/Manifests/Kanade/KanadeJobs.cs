using Fleet.Control.Manifests.Catalogue;
using Fleet.Control.Manifests.Executions;
using Fleet.Control.Manifests.Recurring;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Manifests.Kanade;

/// <summary>The catalogue over this wire, and what is stopped there.</summary>
internal static class KanadeJobs
{
    public static void MapKanadeJobs(this IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs", List).SayingWhy(Scope.JobsRead);
        api.MapPost("/jobs", Post).AuditedAs("kanade.job_upsert").SayingWhy(Scope.JobsCreate)
            .Accepts<object>("application/json", "application/yaml", KnownJson.AnyType).Produces<KanadeJobAnswer>();
        api.MapGet("/jobs/{jobId}/yaml", Yaml).SayingWhy(Scope.JobsRead);
        api.MapDelete("/jobs/{jobId}", Remove).AuditedAs("kanade.job_delete").SayingWhy(Scope.JobsUpdate).Produces(204);
        api.MapPost("/jobs/{jobId}/kill", Kill).AuditedAs("kanade.job_kill").SayingWhy(Scope.JobsUpdate).Produces(204);
    }

    public static void MapKanadeScripts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/scripts/status", Status).SayingWhy(Scope.JobsRead).Produces<Dictionary<string, string>>();
        api.MapPost("/scripts/{jobId}/revoke", Revoke).AuditedAs("kanade.script_revoke").SayingWhy(Scope.JobsUpdate).Produces(204);
        api.MapPost("/scripts/{jobId}/unrevoke", Restore).AuditedAs("kanade.script_unrevoke").SayingWhy(Scope.JobsUpdate).Produces(204);
    }

    private static async Task<IResult> List(Caller caller, KanadeCatalogue catalogue, CancellationToken stop) =>
        Results.Json(await catalogue.List(caller, stop));

    private static async Task<IResult> Post(HttpRequest request, Caller caller, KanadeCatalogue catalogue, CancellationToken stop)
    {
        var entry = await catalogue.Post(await KanadeCatalogue.Read(request), caller, stop);
        return Results.Json(new KanadeJobAnswer(
            entry.Manifest.Name, entry.Revision.Version, entry.Document!.Description, entry.Document.HasInventory));
    }

    private static async Task<IResult> Yaml(string jobId, Caller caller, ManifestStore manifests, CancellationToken stop) =>
        await manifests.Find(jobId, caller.Tenant, stop) is { } entry
            ? KanadeCatalogue.Yaml(entry.Revision.Text, entry.Revision.IsYaml)
            : new ProblemResult(404, "not_found", $"job '{jobId}' not found");

    private static async Task<IResult> Remove(
        string jobId, Caller caller, ManifestStore manifests, RecurringStore schedules, Revoking revoking, CancellationToken stop)
    {
        if (await schedules.Using(caller.Tenant, jobId, stop) is { } schedule)
            return new ProblemResult(409, "in_use", $"job '{jobId}' is still referenced by schedule '{schedule}'");
        await revoking.Revoke(jobId, "", caller, stop); // on this wire posting it again does not take that back
        await manifests.Remove(jobId, caller.Tenant, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Kill(
        string jobId, Caller caller, ExecutionStore store, ExecutionOperations operations, CancellationToken stop)
    {
        foreach (var execution in await store.NotOver(caller.Tenant, jobId, "", stop))
            await operations.Abort(execution, $"killed by {caller.Name}", endRunning: true, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Status(Caller caller, RevocationStore revocations, CancellationToken stop) =>
        Results.Json((await revocations.List(caller.Tenant, stop)).Where(one => one.Version.Length == 0)
            .ToDictionary(one => one.Name, one => one.RevokedAt is null ? "ACTIVE" : "REVOKED"));

    private static async Task<IResult> Revoke(string jobId, Caller caller, Revoking revoking, CancellationToken stop)
    {
        await revoking.Revoke(jobId, "", caller, stop);
        return Results.NoContent();
    }

    private static async Task<IResult> Restore(string jobId, Caller caller, RevocationStore revocations, CancellationToken stop)
    {
        await revocations.Restore(jobId, "", caller, stop);
        return Results.NoContent();
    }
}

internal sealed record KanadeJobAnswer(string Id, string Version, string? Description, bool Inventory);
