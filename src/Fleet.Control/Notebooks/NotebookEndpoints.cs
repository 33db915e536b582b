using Fleet.Contracts.Notebooks;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Notebooks;

/// <summary>Notebooks over HTTP. What a notebook itself shows is behind its own path.</summary>
internal static class NotebookEndpoints
{
    public static void MapNotebookRoutes(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1/notebooks").WithTags("Notebooks").RequireScope(Scope.JupyterRead);
        read.MapGet("/", List).Produces<PageOf<NotebookView>>();
        read.MapGet("/{notebook}", Show).Produces<NotebookView>();
        read.MapGet("/{notebook}/packages", Packages).Produces<PageOf<NotebookPackage>>();
        var manage = routes.MapGroup("/v1/notebooks").WithTags("Notebooks").RequireScope(Scope.JupyterManage);
        manage.MapPost("/", Start).AuditedAs("notebook.start").Accepts<NotebookRequest>("application/json").Produces<NotebookView>(201);
        manage.MapPost("/{notebook}/restart", Restart).AuditedAs("notebook.restart")
            .Accepts<RestartRequest>("application/json").Produces<NotebookView>(202);
        manage.MapPost("/{notebook}/stop", Stop).AuditedAs("notebook.stop").Produces<NotebookView>(202);
        manage.MapPost("/{notebook}/restore", Restore).AuditedAs("notebook.restore").Produces<NotebookView>();
        manage.MapDelete("/{notebook}", Remove).AuditedAs("notebook.remove").Produces(204);
    }

    /// <summary>The key's own; all of the tenant for its admins. <c>?removed=true</c> lists those in the trash.</summary>
    private static async Task<IResult> List(Page page, string? removed, Caller caller, NotebookStore store, CancellationToken stop)
    {
        var rows = await store.List(caller, FlagParameter.Read("removed", removed), page.AfterId, page.Limit + 1, stop);
        return Results.Json(page.Cut(rows, row => row.Id, row => NotebookView.Of(row)));
    }

    private static async Task<IResult> Show(string notebook, Caller caller, NotebookStore store, CancellationToken stop) =>
        await store.Find(notebook, caller, stop) is { } found ? Results.Json(NotebookView.Of(found)) : None();

    private static async Task<IResult> Packages(
        string notebook, Caller caller, NotebookStore store, NotebookPlaces places, CancellationToken stop) =>
        await store.Find(notebook, caller, stop) is { } found
            ? Results.Json(new PageOf<NotebookPackage>(await places.Packages(found, stop), null))
            : None();

    private static async Task<IResult> Start(HttpRequest request, Caller caller, NotebookOperations operations, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<NotebookRequest>(body.Span, NotebookRequest.Json);
        wanted.Check();
        return await operations.Start(Request.Of(request, caller, body.Memory), wanted, (made, token) => Answer.Created(
            $"/v1/notebooks/{Protocol.Ids.WireId.Format(made.Id)}", NotebookView.Of(made, token), NotebookView.Of(made)), stop);
    }

    /// <summary>The body may be left out.</summary>
    private static async Task<IResult> Restart(
        string notebook, HttpRequest request, Caller caller, NotebookStore store, NotebookOperations operations, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        if (!body.Span.IsEmpty)
            JsonBody.RequireJson(request);
        var wanted = body.Span.IsEmpty ? new RestartRequest() : JsonBody.Parse<RestartRequest>(body.Span);
        NotebookRequest.CheckToken(wanted.Token);
        return await store.Find(notebook, caller, stop) is { } found && found.Owner == caller.KeyId
            ? await operations.Restart(
                Request.Of(request, caller, body.Memory), found, wanted.Token,
                now => new Answer(StatusCodes.Status202Accepted, Answer.Write(NotebookView.Of(now))), stop)
            : None();
    }

    private static async Task<IResult> Stop(
        string notebook, HttpRequest request, Caller caller, NotebookStore store, NotebookOperations operations, CancellationToken stop)
    {
        await JsonBody.ReadNothing(request);
        if (await store.Find(notebook, caller, stop) is not { } found)
            return None();
        await operations.Stop(found, caller.Name, stop);
        return Results.Json(NotebookView.Of(await store.Find(found.Id, stop) ?? found), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> Restore(
        string notebook, HttpRequest request, Caller caller, NotebookStore store, NotebookOperations operations, CancellationToken stop)
    {
        await JsonBody.ReadNothing(request);
        if (await store.Find(notebook, caller, stop) is not { } found)
            return None();
        await operations.Restore(found, stop);
        return Results.Json(NotebookView.Of(found with { RemovedAt = null }));
    }

    /// <summary>Into the trash; <c>?purge=true</c> removes it and its files for ever.</summary>
    private static async Task<IResult> Remove(
        string notebook, string? purge, HttpRequest request, Caller caller, NotebookStore store, NotebookOperations operations,
        CancellationToken stop)
    {
        var forEver = FlagParameter.Read("purge", purge);
        if (await store.Find(notebook, caller, stop) is not { } found)
            return None();
        await operations.Remove(new Request(caller, Audit: AuditNote.Of(request.HttpContext)), found, forEver, stop);
        return Results.NoContent();
    }

    private static ProblemResult None() => Problem.NotFound("notebook");
}
