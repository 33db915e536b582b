using Fleet.Contracts.Models;
using Fleet.Control.Models.Ollama;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Models.Foreman;

/// <summary>
/// foreman's asynchronous jobs: its paths, fields and words, and Fleet's additions to them. The bytes of artifacts are
/// served by whoever keeps them.
/// </summary>
internal static class ForemanEndpoints
{
    public static void MapForeman(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/jobs").WithTags("foreman").WithMetadata(ProblemShape.Plain).AlsoForOpenNetworks();
        jobs.MapPost("/", Submit).RequireScope(Scope.JobsCreate)
            .Accepts<ForemanRequest>("application/json", ModelRequest.AnyType).Produces<ForemanAccepted>(202);
        jobs.MapGet("/", List).RequireScope(Scope.JobsRead).Produces<PageOf<ForemanListed>>();
        jobs.MapGet("/{jobId}", Show).RequireScope(Scope.JobsRead).Produces<ForemanJob>();
        jobs.MapPost("/{jobId}/cancellation", Cancel).RequireScope(Scope.JobsUpdate).Produces<ForemanJob>(202);
        jobs.MapDelete("/{jobId}", Cancel).RequireScope(Scope.JobsUpdate).Produces<ForemanJob>(202);
        routes.MapGet("/healthz", Health).AllowAnonymous().WithTags("foreman").Produces<ForemanHealth>();
    }

    private static async Task<IResult> Submit(HttpContext context, Caller caller, ModelCalls calls, DatabaseClock clock)
    {
        using var body = await BodyBytes.Read(context.Request);
        var request = Read(body.Span);
        var model = ModelRequest.NeedModel(request.Model);
        request.Check(clock.Now);
        var spec = OllamaSpecs.Chat(request, model);
        var known = await Find(calls, model, caller.Tenant, context.RequestAborted);
        var plain = calls.Submission(caller, spec with { Model = known }, WorkWires.Foreman, body.Memory.Length);
        var job = plain with
        {
            Name = request.Name,
            Priority = request.Priority ?? plain.Priority,
            MaxAttempts = request.MaxAttempts ?? plain.MaxAttempts,
            TimeoutSeconds = request.TimeoutS ?? plain.TimeoutSeconds,
            ExpiresAt = request.ExpiresAt,
            StateWebhookUrl = request.StateWebhookUrl is { Length: > 0 } url ? url : null,
        };
        var (id, isRepeated) = await calls.Accept(context, job, body.Memory);
        if (isRepeated)
            context.Response.Headers["Idempotency-Replayed"] = "true";
        context.Response.Headers.Location = $"/jobs/{WireId.Format(id)}";
        return Results.Json(new ForemanAccepted(id), statusCode: 202);
    }

    private static async Task<IResult> Show(
        string jobId, Caller caller, WorkStatuses statuses, InlineArtifacts artifacts, CancellationToken stop) =>
        await Find(statuses, jobId, caller, stop) is { } job
            ? Results.Json(await View(job, statuses, artifacts, stop))
            : Problem.NotFound("job");

    private static async Task<IResult> List(Page page, Caller caller, WorkStatuses statuses, CancellationToken stop)
    {
        var jobs = await statuses.List(InferenceSpec.Kind, page, caller, stop);
        return Results.Json(new PageOf<ForemanListed>([.. jobs.Items.Select(ForemanListed.Of)], jobs.Next));
    }

    /// <summary>202 when the job is asked to end, 200 when it has ended already.</summary>
    private static async Task<IResult> Cancel(
        string jobId, Caller caller, WorkStatuses statuses, WorkOperations operations, InlineArtifacts artifacts,
        CancellationToken stop)
    {
        if (await Find(statuses, jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        if (!job.IsOver)
            await operations.Cancel(job.Id, job.Kind, caller.Name);
        var after = await statuses.Find(job.Id, stop) ?? job;
        return Results.Json(
            await View(after, statuses, artifacts, stop), statusCode: job.IsOver ? 200 : 202);
    }

    /// <summary>What a client of foreman can do here: 503 when nothing can be taken in.</summary>
    private static async Task<IResult> Health(ModelCalls calls, OpenAccessSettings open, CancellationToken stop)
    {
        try
        {
            var models = await calls.List(open.Tenant, stop);
            return Results.Json(new ForemanHealth("ok", models.Count == 0));
        }
        catch (Exception failure) when (DatabaseFailure.IsPassing(failure))
        {
            return Results.Json(new ForemanHealth("unavailable", true), statusCode: 503);
        }
    }

    private static ForemanRequest Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return ModelRequest.Parse<ForemanRequest>(body);
        }
        catch (ProblemException refused) when (refused.Problem is { Status: 400, Errors.Count: 0 })
        {
            throw new ProblemException(Problem.InvalidBody("invalid JSON body")); // foreman's words
        }
    }

    private static async Task<string> Find(ModelCalls calls, string model, string tenant, CancellationToken stop)
    {
        try
        {
            return await calls.Name(model, tenant, stop);
        }
        catch (ProblemException refused) when (refused.Problem.Status == 404)
        {
            throw new ProblemException(refused.Problem with { Detail = "model not found" }); // foreman's words
        }
    }

    /// <summary>Any job. Null for what does not exist, for what is no job, and for what does not exist for this caller.</summary>
    private static async Task<WorkStatus?> Find(WorkStatuses statuses, string jobId, Caller caller, CancellationToken stop) =>
        WireId.TryParse(jobId, out var id) && await statuses.FindAkin(id, InferenceSpec.Kind, stop) is { } job
            && caller.MaySee(job.Tenant) ? job : null;

    private static async Task<ForemanJob> View(
        WorkStatus job, WorkStatuses statuses, InlineArtifacts artifacts, CancellationToken stop) => ForemanJob.Of(
        job,
        job.HasArtifacts ? await artifacts.Of(job.Id, ForemanJob.ArtifactsOf(job.Id), stop) : [],
        job.State == "queued" ? await statuses.Place(job.Id, stop) : null);
}
