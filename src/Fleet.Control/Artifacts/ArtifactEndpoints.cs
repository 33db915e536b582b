using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;
using Microsoft.Net.Http.Headers;

namespace Fleet.Control.Artifacts;

/// <summary>Routes for what work leaves. Agents put, callers get; never rendered as a page of this site.</summary>
internal static class ArtifactEndpoints
{
    private const string AgentHeader = "Fleet-Agent";
    private const int MaxContentType = 255;

    public static void MapArtifacts(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/v1/attempts/{id}/{attempt:int:min(1)}/artifacts/{**name}", Put).AuditedAs("artifact.put")
            .WithTags("Artifacts").RequireScope(Scope.JobsRead).OnlyForAgents().Produces<ArtifactView>(201);
        routes.MapGet("/jobs/{id}/artifacts/{**name}", Get).WithTags("foreman")
            .RequireScope(Scope.JobsRead).AlsoForOpenNetworks().WithMetadata(ProblemShape.Plain, new ArtifactsOf("job"));
    }

    /// <summary>What the work of one family leaves, under the path of its work.</summary>
    /// <param name="family">What it is called: <c>job</c>.</param>
    /// <param name="path">Where its work is: <c>/v1/jobs</c>.</param>
    public static void MapArtifacts(this IEndpointRouteBuilder routes, string family, string path, Scope needed)
    {
        var work = routes.MapGroup($"{path}/{{id}}/artifacts").WithTags("Artifacts").RequireScope(needed)
            .WithMetadata(new ArtifactsOf(family));
        work.MapGet("/", List).Produces<PageOf<ArtifactView>>();
        work.MapGet("/{**name}", Get);
    }

    private static async Task<IResult> List(
        string id, HttpContext context, Caller caller, IArtifactOwner owners, ArtifactQueries queries, CancellationToken stop)
    {
        if (await Find(id, context, caller, owners, stop) is not var (work, owner))
            return Problem.NotFound(FamilyOf(context));
        var entries = (await queries.List([work], stop))[work];
        return TypedResults.Ok(new PageOf<ArtifactView>([.. entries.Select(entry => entry.At(owner.Folder))], null));
    }

    private static async Task<IResult> Get(
        string id, string? name, HttpContext context, Caller caller, IArtifactOwner owners, ArtifactQueries queries,
        ArtifactStore store, CancellationToken stop)
    {
        if (!ArtifactName.TryRead(context, name, out var wanted))
            return Problem.Invalid("name", ArtifactName.Rule);
        if (await Find(id, context, caller, owners, stop) is not var (work, _))
            return Problem.NotFound(FamilyOf(context));
        if (await queries.Find(work, wanted, stop) is not { } artifact)
            return Problem.NotFound("artifact");

        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "sandbox";
        headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            new ArtifactStream(artifact, store),
            artifact.ContentType,
            fileDownloadName: artifact.Name[(artifact.Name.LastIndexOf('/') + 1)..],
            entityTag: new EntityTagHeaderValue($"\"{artifact.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static async Task<IResult> Put(
        string id, int attempt, string? name, Caller caller, IArtifactOwner owners, ArtifactReceiver receiver,
        ArtifactSettings settings, HttpRequest request, CancellationToken stop)
    {
        if (!ArtifactName.TryRead(request.HttpContext, name, out var wanted))
            return Problem.Invalid("name", ArtifactName.Rule);
        var agent = request.Headers[AgentHeader].ToString();
        if (!AgentAddress.IsName(agent))
            return Problem.Invalid(AgentHeader, "This header must name the agent that has the attempt in hand.");
        if (agent != caller.Agent)
            return Problem.Forbidden($"The token that asks does not belong to the agent of the header {AgentHeader}.");
        var contentType = request.ContentType ?? "application/octet-stream";
        if (contentType.Length > MaxContentType || !MediaTypeHeaderValue.TryParse(contentType, out _))
            return Problem.Invalid("Content-Type", "This must be a media type such as text/plain.");
        if (!WireId.TryParse(id, out var work) || await owners.Find(work, stop) is not { } owner)
            return Problem.NotFound("work");
        if (!await owners.Expects(work, attempt, agent, stop))
            return ArtifactReceiver.Stale();
        if (request.ContentLength > settings.MaxBytes)
            return Problem.TooLarge(settings.MaxBytes);

        UnreadBody.MayBeDrained(request.HttpContext, settings.MaxBytes);
        var upload = new ArtifactUpload(WireId.New(), work, owner.Family, owner.Kind, attempt, agent, wanted, contentType);
        var entry = await receiver.Receive(upload, request.Body, stop);
        var view = entry.At(owner.Folder);
        return TypedResults.Created(view.Url, view);
    }

    /// <summary>Null for what does not exist, and for what does not exist for this caller.</summary>
    private static async Task<(Guid Work, ArtifactOwner Owner)?> Find(
        string id, HttpContext context, Caller caller, IArtifactOwner owners, CancellationToken stop) =>
        WireId.TryParse(id, out var work) && await owners.Find(work, stop) is { } owner
            && owner.Family == FamilyOf(context) && caller.MaySee(owner.Tenant, owner.Key)
            ? (work, owner)
            : null;

    private static string FamilyOf(HttpContext context) =>
        context.GetEndpoint()!.Metadata.GetRequiredMetadata<ArtifactsOf>().Family;

    /// <summary>Whose work the routes are about.</summary>
    private sealed record ArtifactsOf(string Family);
}
