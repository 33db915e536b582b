using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Notebooks.Runs;

/// <summary>Runs out of notebooks over HTTP.</summary>
internal static class NotebookRunEndpoints
{
    public static void MapNotebookRuns(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/notebooks/{notebook}/runs", Queue).WithTags("Notebooks").AuditedAs("notebook.queue_run")
            .RequireScope(Scope.JupyterManage | Scope.JobsCreate)
            .Accepts<NotebookRunRequest>("application/json").Produces<object>(StatusCodes.Status202Accepted);

    /// <summary>The answer is the run, as the job that it is. The body may be left out.</summary>
    private static async Task<IResult> Queue(
        string notebook, HttpRequest request, Caller caller, NotebookStore store, NotebookRuns runs, CancellationToken stop)
    {
        using var body = await BodyBytes.Read(request);
        if (!body.Span.IsEmpty)
            JsonBody.RequireJson(request);
        var wanted = body.Span.IsEmpty ? new NotebookRunRequest() : JsonBody.Parse<NotebookRunRequest>(body.Span);
        wanted.Check();
        return await store.Find(notebook, caller, stop) is { } found && found.Owner == caller.KeyId
            ? await runs.Queue(Request.Of(request, caller, body.Memory), found, wanted, stop)
            : Problem.NotFound("notebook");
    }
}
