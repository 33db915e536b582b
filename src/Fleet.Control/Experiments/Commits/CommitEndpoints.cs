using Fleet.Control.Experiments.Runs;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;

namespace Fleet.Control.Experiments.Commits;

/// <summary>Commits over HTTP: their files go in once, and never change.</summary>
internal static class CommitEndpoints
{
    private const string Archive = "/{commit}/archive";

    public static void MapCommits(this IEndpointRouteBuilder routes)
    {
        var commits = routes.MapGroup("/v1/experiments").WithTags("Experiments").RequireScope(Scope.JobsRead);
        commits.MapGet("/", List).Produces<PageOf<CommitView>>();
        commits.MapGet("/{commit}", Show).Produces<CommitView>();
        commits.MapGet("/{commit}/files/{**name}", ReadFile);
        commits.MapPut(Archive, Upload).AuditedAs("experiment.upload").RequireScope(Scope.JobsCreate)
            .Produces<CommitUploadView>(201).Produces<CommitUploadView>();
        commits.MapDelete("/{commit}", Remove).AuditedAs("experiment.delete").RequireScope(Scope.JobsUpdate).Produces(204);
    }

    private static async Task<IResult> Upload(
        string commit, HttpRequest request, Caller caller, ArchiveReader reader, CommitStore store, BlobStore blobs,
        ExperimentSettings settings, CancellationToken stop)
    {
        if (!CommitId.TryRead(commit, out var id))
            return Problem.Invalid("commit", CommitId.Rule);
        if (request.ContentLength > settings.MaxCommitBytes)
            return Problem.TooLarge(settings.MaxCommitBytes);
        UnreadBody.MayBeDrained(request.HttpContext, settings.MaxCommitBytes);
        await blobs.Sweep(stop);
        var archive = await reader.Receive(caller.Tenant, request.Body, stop);
        var (stored, isNew) = await store.Add(id, archive, caller, stop);
        var view = new CommitUploadView(stored.Id, stored.FilesCount, stored.OverallSha);
        return isNew ? TypedResults.Created($"/v1/experiments/{id}", view) : TypedResults.Ok(view);
    }

    private static async Task<IResult> List(Page page, Caller caller, CommitStore store, CancellationToken stop)
    {
        var after = page.After is null ? null : await store.Find(caller.Tenant, page.After, stop) ?? throw Page.WrongCursor();
        var rows = await store.List(caller.Tenant, after, page.Limit + 1, stop);
        return Results.Json(page.Cut(rows, row => row.Id, row => CommitView.Of(row)));
    }

    private static async Task<IResult> Show(string commit, Caller caller, CommitStore store, CancellationToken stop) =>
        CommitId.TryRead(commit, out var id) && await store.Find(caller.Tenant, id, stop) is { } found
            ? Results.Json(CommitView.Of(found, await store.Files(caller.Tenant, id, stop)))
            : Problem.NotFound("experiment");

    /// <summary>Never rendered as a page of this site.</summary>
    private static async Task<IResult> ReadFile(
        string commit, string? name, HttpContext context, Caller caller, CommitStore store, BlobStore blobs, CancellationToken stop)
    {
        if (!ArtifactName.TryRead(context, name, out var path))
            return Problem.Invalid("name", ArtifactName.Rule);
        if (!CommitId.TryRead(commit, out var id) || await store.Find(caller.Tenant, id, stop) is null)
            return Problem.NotFound("experiment");
        if ((await store.Files(caller.Tenant, id, stop)).Find(file => file.Path == path) is not { } found)
            return Problem.NotFound("file");
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox";
        return await BlobAnswer.Write(context, blobs, caller.Tenant, found.Sha256, found.Size, stop);
    }

    /// <summary>With its finished runs, and what they left.</summary>
    private static async Task<IResult> Remove(
        string commit, Caller caller, CommitStore store, RunStore runs, RunRemoval removal, CancellationToken stop)
    {
        if (!CommitId.TryRead(commit, out var id) || await store.Find(caller.Tenant, id, stop) is null)
            return Problem.NotFound("experiment");
        var all = await runs.OfCommit(caller.Tenant, id, stop);
        if (all.Any(run => !WorkStates.IsOver(run.State)))
            return Problem.Conflict(
                "experiment_in_use", "Runs of this commit have not finished: cancel them first, or wait for their end.");
        await removal.Remove([.. all.Select(run => run.Id)], stop);
        if ((await runs.OfCommit(caller.Tenant, id, stop)).Count > 0)
            return Problem.Conflict("experiment_held", "Runs of this commit are held, or somebody is still to be told of them.");
        await store.Remove(caller.Tenant, id, stop);
        return Results.NoContent();
    }
}
