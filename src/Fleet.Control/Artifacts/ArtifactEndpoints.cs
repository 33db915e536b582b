using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Protocol.Ids;
using Microsoft.Net.Http.Headers;

namespace Fleet.Control.Artifacts;

/// <summary>Routes for what jobs leave. Agents put, callers get; never rendered as a page of this site.</summary>
internal static class ArtifactEndpoints
{
    private const string AgentHeader = "Fleet-Agent";
    private const int MaxContentType = 255;

    public static void MapJobArtifacts(this IEndpointRouteBuilder routes)
    {
        var job = routes.MapGroup("/v1/jobs/{jobId}").WithTags("Artifacts").RequireScope(Scope.JobsRead);
        job.MapGet("/artifacts", List).Produces<PageOf<ArtifactView>>();
        job.MapMethods("/artifacts/{**name}", ["GET", "HEAD"], Get);
        job.MapPut("/attempts/{attempt:int:min(1)}/artifacts/{**name}", Put).AuditedAs("artifact.put")
            .OnlyForAgents().Produces<ArtifactView>(201);
        routes.MapMethods("/jobs/{jobId}/artifacts/{**name}", ["GET", "HEAD"], Get).WithTags("foreman")
            .RequireScope(Scope.JobsRead).AlsoForOpenNetworks().WithMetadata(ProblemShape.Plain);
    }

    private static async Task<IResult> List(
        string jobId, Caller caller, IArtifactOwner owner, ArtifactShelf shelf, CancellationToken stop)
    {
        if (await FindJob(jobId, owner, caller.MaySee, stop) is not { } id)
            return Problem.NotFound("job");
        var entries = (await shelf.List([id], stop))[id];
        return TypedResults.Ok(new PageOf<ArtifactView>([.. entries.Select(entry => entry.At(Folder(id)))], null));
    }

    private static async Task<IResult> Get(
        string jobId, string? name, Caller caller, IArtifactOwner owner, ArtifactShelf shelf, ArtifactStore store,
        HttpResponse response, CancellationToken stop)
    {
        if (!ArtifactName.TryReadPath(name, out var wanted))
            return Problem.Invalid("name", ArtifactName.Rule);
        if (await FindJob(jobId, owner, caller.MaySee, stop) is not { } id)
            return Problem.NotFound("job");
        if (await shelf.Find(id, wanted, stop) is not { } artifact)
            return Problem.NotFound("artifact");

        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox";
        response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            new ArtifactStream(artifact, store),
            artifact.ContentType,
            fileDownloadName: artifact.Name[(artifact.Name.LastIndexOf('/') + 1)..],
            entityTag: new EntityTagHeaderValue($"\"{artifact.Sha256}\""),
            enableRangeProcessing: true);
    }

    private static async Task<IResult> Put(
        string jobId, int attempt, string? name, Caller caller, IArtifactOwner owner, ArtifactReceiver receiver,
        ArtifactSettings settings, HttpRequest request, CancellationToken stop)
    {
        if (!ArtifactName.TryReadPath(name, out var wanted))
            return Problem.Invalid("name", ArtifactName.Rule);
        var agent = request.Headers[AgentHeader].ToString();
        if (!AgentAddress.IsName(agent))
            return Problem.Invalid(AgentHeader, "This header must name the agent that has the attempt in hand.");
        if (agent != caller.Agent)
            return Problem.Forbidden($"The token that asks does not belong to the agent of the header {AgentHeader}.");
        var contentType = request.ContentType ?? "application/octet-stream";
        if (contentType.Length > MaxContentType || !MediaTypeHeaderValue.TryParse(contentType, out _))
            return Problem.Invalid("Content-Type", "This must be a media type such as text/plain.");
        if (await FindJob(jobId, owner, _ => true, stop) is not { } id)
            return Problem.NotFound("job");
        if (!await owner.Expects(id, attempt, agent, stop))
            return ArtifactReceiver.Stale();
        if (request.ContentLength > settings.MaxBytes)
            return Problem.TooLarge(settings.MaxBytes);

        UnreadBody.MayBeDrained(request.HttpContext, settings.MaxBytes);
        var upload = new ArtifactUpload(WireId.New(), id, attempt, agent, wanted, contentType);
        var entry = await receiver.Receive(upload, request.Body, stop);
        var view = entry.At(Folder(id));
        return TypedResults.Created(view.Url, view);
    }

    /// <summary>Null for what does not exist, and for what does not exist for this caller.</summary>
    private static async Task<Guid?> FindJob(
        string jobId, IArtifactOwner owner, Func<string, bool> mayReach, CancellationToken stop) =>
        WireId.TryParse(jobId, out var id) && await owner.TenantOf(id, stop) is { } tenant && mayReach(tenant)
            ? id
            : null;

    private static string Folder(Guid jobId) => $"/v1/jobs/{WireId.Format(jobId)}/artifacts";
}
