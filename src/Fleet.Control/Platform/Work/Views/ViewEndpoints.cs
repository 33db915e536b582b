using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Platform.Work.Views;

/// <summary>Filters with names: whoever may see jobs may use them, whoever may change jobs may change them.</summary>
internal static class ViewEndpoints
{
    public static void MapViews(this IEndpointRouteBuilder routes)
    {
        var all = routes.MapGroup("/v1/views").WithTags("Jobs").RequireScope(Scope.JobsRead);
        all.MapGet("/", List).Produces<PageOf<ViewView>>();
        all.MapGet("/{name}", Show).Produces<ViewView>();

        var changed = routes.MapGroup("/v1/views").WithTags("Jobs").RequireScope(Scope.JobsUpdate);
        changed.MapPost("/", Create).AuditedAs("view.create").Accepts<CreateView>("application/json").Produces<ViewView>(201);
        changed.MapPut("/{name}", Replace).AuditedAs("view.replace").Accepts<ReplaceView>("application/json").Produces<ViewView>();
        changed.MapDelete("/{name}", Delete).AuditedAs("view.delete").Produces(204);
    }

    private static async Task<PageOf<ViewView>> List(Page page, Caller caller, ViewStore store, CancellationToken stop) =>
        page.Cut(await store.List(page, caller, stop), view => view.Name, ViewView.Of);

    private static async Task<IResult> Show(string name, Caller caller, ViewStore store, CancellationToken stop) =>
        await store.Find(name, caller, stop) is { } view ? TypedResults.Ok(ViewView.Of(view)) : Problem.NotFound("view");

    private static async Task<IResult> Create(
        HttpRequest request, Caller caller, ViewStore store, FilterResolver filters, IdempotentChange once, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var wanted = JsonBody.Parse<CreateView>(body.Span);
        ViewRules.CheckName(wanted.Name);
        ViewRules.CheckDescription(wanted.Description);
        await filters.Check(wanted.Filter, caller, stop);
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var view = await store.Add(db, wanted, caller, stop);
            return Answer.Created($"/v1/views/{view.Name}", ViewView.Of(view));
        }, stop);
    }

    private static async Task<IResult> Replace(
        string name, HttpRequest request, Caller caller, ViewStore store, FilterResolver filters, CancellationToken stop)
    {
        var wanted = await JsonBody.Read<ReplaceView>(request);
        ViewRules.CheckDescription(wanted.Description);
        await filters.Check(wanted.Filter, caller, stop);
        return await store.Replace(name, wanted, caller, stop) is { } view
            ? TypedResults.Ok(ViewView.Of(view))
            : Problem.NotFound("view");
    }

    private static async Task<IResult> Delete(string name, Caller caller, ViewStore store, CancellationToken stop) =>
        await store.Delete(name, caller, stop) ? TypedResults.NoContent() : Problem.NotFound("view");
}
