using Fleet.Contracts.Backups;
using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Fleet.Control.Backups.Snapshots;

/// <summary>Snapshots over HTTP: what there is of them, and what is in them.</summary>
internal static class SnapshotEndpoints
{
    private const int LongestPath = 4096;
    private const int LongestName = 255;

    public static void MapSnapshots(this IEndpointRouteBuilder routes)
    {
        var snapshots = routes.MapGroup("/v1/snapshots").WithTags("Snapshots").RequireScope(Scope.BackupsRead);
        snapshots.MapGet("/", List).Produces<PageOf<SnapshotView>>();
        snapshots.MapGet("/{id}", Show).Produces<SnapshotView>();
        snapshots.MapGet("/{id}/tree", Tree).Produces<SnapshotEntriesView>();
        snapshots.MapGet("/{id}/search", Search).Produces<SnapshotEntriesView>();
        snapshots.MapGet("/{id}/content", Content).EndWithKey();
        var agents = routes.MapGroup("/v1/agents/{name}/answers/{question}").WithTags("Agents").OnlyForAgents();
        agents.MapPut("/", Answer).AuditedAs("snapshot.answer").Produces(204);
        agents.MapPost("/failure", Refuse).AuditedAs("snapshot.refuse").Accepts<NoAnswer>("application/json").Produces(204);
    }

    /// <summary>A path in a snapshot: names of files hold whatever their system lets them.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static string ReadPath(string path) =>
        path.Length is > 0 and <= LongestPath && path[0] == '/' && !path.Contains('\0')
            && !path.Split('/').Any(part => part is "." or "..")
            ? path.Length > 1 ? path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : "/"
            : throw new ProblemException(Problem.Invalid("path", "This must be an absolute path in the snapshot, without . and .. in it."));

    private static async Task<IResult> List(
        string? repository, string? agent, string? tag, Page page, Caller caller, SnapshotStore store, RepositoryStore repositories,
        CancellationToken stop)
    {
        Guid? id = null;
        if (repository is not null)
        {
            id = (await repositories.Find(repository, caller.Tenant, stop))?.Id;
            if (id is null)
                return Problem.Invalid("repository", "There is no repository of this id or name.");
        }

        return Results.Json(await store.List(new SnapshotFilter(id, agent, tag), caller.Tenant, page, stop));
    }

    private static async Task<IResult> Show(
        string id, string? repository, Caller caller, SnapshotStore store, RepositoryStore repositories, CancellationToken stop) =>
        await Find(id, repository, caller, store, repositories, stop) is { } row
            ? Results.Json(SnapshotView.Of(row))
            : Problem.NotFound("snapshot");

    /// <summary>The direct children of a directory.</summary>
    private static async Task<IResult> Tree(
        string id, string? path, string? repository, string? agent, Caller caller, SnapshotStore store, RepositoryStore repositories,
        SnapshotBrowser browser, CancellationToken stop) =>
        await Find(id, repository, caller, store, repositories, stop) is { } row
            ? Results.Json(await browser.List(row, ReadPath(path ?? "/"), agent, stop))
            : Problem.NotFound("snapshot");

    /// <summary>Everything below a path whose name matches a pattern with <c>*</c> and <c>?</c>.</summary>
    private static async Task<IResult> Search(
        string id, string? name, string? path, string? repository, string? agent, Caller caller, SnapshotStore store,
        RepositoryStore repositories, SnapshotBrowser browser, CancellationToken stop)
    {
        if (await Find(id, repository, caller, store, repositories, stop) is not { } row)
            return Problem.NotFound("snapshot");
        if (name is not { Length: > 0 and <= LongestName } || name.Contains('/') || name.Contains('\0'))
            return Problem.Invalid("name", $"This must be a pattern of 1 to {LongestName} characters for names, with * and ?.");
        return Results.Json(await browser.Find(row, ReadPath(path ?? "/"), name, agent, stop));
    }

    /// <summary>A file as it is, or a directory as tar; streamed as the agent reads it. Always a download.</summary>
    private static async Task Content(
        string id, string? path, string? repository, string? agent, HttpContext context, Caller caller, SnapshotStore store,
        RepositoryStore repositories, SnapshotReader reader, CancellationToken stop)
    {
        if (await Find(id, repository, caller, store, repositories, stop) is not { } row)
            throw new ProblemException(Problem.NotFound("snapshot"));
        var wanted = ReadPath(path ?? throw new ProblemException(Problem.Invalid("path", "Name the file or directory.")));
        var hasBegun = false;
        await foreach (var piece in reader.Read(row, ReadSnapshot.Content, wanted, agent, null, 0, stop))
        {
            if (!hasBegun)
                Begin(context.Response, wanted);
            hasBegun = true;
            await context.Response.Body.WriteAsync(piece, stop);
        }

        if (!hasBegun)
            Begin(context.Response, wanted); // an empty file
    }

    private static async Task<IResult> Answer(
        string name, string question, HttpContext context, Caller caller, ISnapshotAnswers answers, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null; // as large as what is read
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = null; // no faster than somebody reads
        return TryRead(question, out var id) && await answers.Write(name, id, context.Request.Body, stop)
            ? Results.NoContent()
            : Problem.NotFound("question");
    }

    private static async Task<IResult> Refuse(
        string name, string question, HttpRequest request, Caller caller, ISnapshotAnswers answers, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        var why = await JsonBody.Read<NoAnswer>(request);
        if (TryRead(question, out var id))
            await answers.Fail(name, id, why, stop);
        return Results.NoContent();
    }

    /// <summary>Agents on the bus write ids of questions as hex, those on sockets as the envelopes have them.</summary>
    private static bool TryRead(string question, out Guid id) =>
        Guid.TryParseExact(question, "N", out id) || WireId.TryParse(question, out id);

    private static void Begin(HttpResponse response, string path)
    {
        response.ContentType = "application/octet-stream";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.CacheControl = "private, no-store";
        var file = path.TrimEnd('/') is { Length: > 0 } named ? named[(named.LastIndexOf('/') + 1)..] : "root";
        response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(file)}";
    }

    private static async Task<Snapshot?> Find(
        string id, string? repository, Caller caller, SnapshotStore store, RepositoryStore repositories, CancellationToken stop)
    {
        if (repository is null)
            return await store.Find(id, caller.Tenant, null, stop);
        return await repositories.Find(repository, caller.Tenant, stop) is { } place
            ? await store.Find(id, caller.Tenant, place.Id, stop)
            : null;
    }
}
