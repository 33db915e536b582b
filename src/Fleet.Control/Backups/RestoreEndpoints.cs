using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Search;
using Fleet.Control.Platform.Work.Views;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Backups;

/// <summary>Restores over HTTP: backups of one kind, submitted and looked at by themselves.</summary>
internal static class RestoreEndpoints
{
    public static void MapRestores(this IEndpointRouteBuilder routes)
    {
        var restores = routes.MapGroup("/v1/restores").WithTags("Backups").RequireScope(Scope.BackupsRead);
        restores.MapPost("/", BackupEndpoints.Restore).AuditedAs("backup.restore").RequireScope(Scope.BackupsManage)
            .Accepts<RestoreRequest>("application/json").Produces<BackupView>(202);
        restores.MapGet("/", List).Takes(WorkListQuery.Known).Produces<WorkList<BackupView>>();
        restores.MapGet("/{id}", Show).Produces<BackupView>();
    }

    /// <summary>Newest first, as <c>GET /v1/backups?kind=restore</c>.</summary>
    private static async Task<IResult> List(
        HttpRequest request, [FromServices] BackupFamily family, Page page, Caller caller, WorkStore store, WorkVocabulary vocabulary,
        FilterResolver filters, CancellationToken stop)
    {
        var query = await filters.Resolve(WorkListQuery.Of(request.Query, vocabulary), caller, stop);
        return Results.Json(
            await store.List(family, query.Filter & WorkFilter.Is(WorkFields.Kind, BackupKinds.Restore), page, caller, stop));
    }

    private static async Task<IResult> Show(
        string id, [FromServices] BackupFamily family, Caller caller, WorkStore store, CancellationToken stop) =>
        await store.Find(family, id, caller, stop) is { Kind: BackupKinds.Restore } work
            ? Results.Json(await store.View(work, stop))
            : Problem.NotFound("restore");
}
