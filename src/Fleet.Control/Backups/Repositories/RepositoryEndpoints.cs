using Fleet.Control.Backups.SourceGroups;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Backups.Repositories;

/// <summary>Repositories over HTTP. Their secrets go in, and never out again.</summary>
internal static class RepositoryEndpoints
{
    private const int MostSizes = 1000;

    public static void MapRepositories(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1/repositories").WithTags("Repositories").RequireScope(Scope.BackupsRead);
        read.MapGet("/", List).Produces<PageOf<RepositoryView>>();
        read.MapGet("/{id}", Show).Produces<RepositoryView>();
        read.MapGet("/{id}/growth", Growth).Produces<PageOf<RepositorySizeView>>();
        var managed = routes.MapGroup("/v1/repositories").WithTags("Repositories").RequireScope(Scope.BackupsManage);
        managed.MapPost("/", Create).AuditedAs("repository.create")
            .Accepts<RepositoryRequest>("application/json").Produces<RepositoryView>(201);
        managed.MapPatch("/{id}", Change).AuditedAs("repository.change")
            .Accepts<RepositoryChange>("application/json").Produces<RepositoryView>();
        managed.MapDelete("/{id}", Remove).AuditedAs("repository.delete").Produces(204);
    }

    private static async Task<IResult> Create(
        HttpRequest request, Caller caller, IdempotentChange once, RepositoryStore store, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<RepositoryRequest>(body.Span);
        RepositoryRules.Check(wanted);
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var row = await store.Add(db, wanted, caller, stop);
            return Answer.Created(RepositoryView.PathOf(row.Id), RepositoryView.Of(row));
        }, stop);
    }

    private static async Task<IResult> List(Page page, Caller caller, RepositoryStore store, CancellationToken stop) =>
        Results.Json(await store.List(page, caller, stop));

    private static async Task<IResult> Show(string id, Caller caller, RepositoryStore store, CancellationToken stop) =>
        await store.Find(id, caller.Tenant, stop) is { } row ? Results.Json(RepositoryView.Of(row)) : Problem.NotFound("repository");

    private static async Task<IResult> Growth(
        string id, [FromQuery] DateTimeOffset? since, Caller caller, RepositoryStore store, CancellationToken stop) =>
        await store.Find(id, caller.Tenant, stop) is { } row
            ? Results.Json(new PageOf<RepositorySizeView>(await store.Growth(row.Id, since, MostSizes, stop), null))
            : Problem.NotFound("repository");

    private static async Task<IResult> Change(
        string id, HttpRequest request, Caller caller, RepositoryStore store, CancellationToken stop)
    {
        if (await store.Find(id, caller.Tenant, stop) is not { } row)
            return Problem.NotFound("repository");
        var wanted = await JsonBody.Read<RepositoryChange>(request);
        RepositoryRules.Check(wanted);
        return await store.Change(row.Id, wanted, stop) is { } changed
            ? Results.Json(RepositoryView.Of(changed))
            : Problem.NotFound("repository");
    }

    /// <summary>Fleet forgets it; the snapshots in it stay where they are.</summary>
    private static async Task<IResult> Remove(
        string id, Caller caller, RepositoryStore store, SourceGroupStore groups, CancellationToken stop)
    {
        if (await store.Find(id, caller.Tenant, stop) is not { } row)
            return Problem.NotFound("repository");
        if ((await groups.Of(row.Id, stop)).Count > 0)
            return Problem.Conflict("repository_in_use", "Source groups are backed up to this repository; delete them first.");
        await store.Remove(row.Id, stop);
        return Results.NoContent();
    }
}
