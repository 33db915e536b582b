using Fleet.Contracts.Agents;
using Fleet.Contracts.Experiments;
using Fleet.Contracts.Work;
using Fleet.Control.Experiments.Commits;
using Fleet.Control.Experiments.Metrics;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Artifacts;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work;
using Fleet.Protocol.Ids;

namespace Fleet.Control.Experiments.Attempts;

/// <summary>
/// What agents ask and tell for an attempt that they have in hand, with their own tokens: the files of its commit, and what it
/// measures.
/// </summary>
internal static class AttemptEndpoints
{
    public static void MapExperimentAttempts(this IEndpointRouteBuilder routes)
    {
        var attempts = routes.MapGroup("/v1/attempts/{id}/{attempt:int:min(1)}").WithTags("Agents").OnlyForAgents();
        attempts.MapGet("/snapshot", Snapshot).Produces<ExperimentSnapshot>();
        attempts.MapGet("/snapshot/{sha256}", Content);
        attempts.MapPost("/metrics", Measure).AuditedAs("experiment.measure")
            .Accepts<MetricBatch>("application/json").Produces(204);
    }

    private static async Task<IResult> Snapshot(
        string id, int attempt, Caller caller, IArtifactOwner owners, WorkStore store, CommitStore commits, IDatasetCatalog datasets,
        CancellationToken stop)
    {
        if (await Run(id, attempt, caller, owners, store, stop) is not var (run, spec))
            return Stale();
        if (await commits.Find(run.Tenant, spec.Commit, stop) is not { } commit)
            return Problem.NotFound("experiment");
        var files = await commits.Files(run.Tenant, commit.Id, stop);
        var named = await datasets.Find(run.Tenant, spec.Datasets?.ToArray() ?? [], stop);
        return Results.Json(new ExperimentSnapshot(
            commit.Id, commit.OverallSha, files, commit.Entry, commit.Env, commit.Dependencies,
            [.. named.Select(dataset => new SnapshotDataset(dataset.Name, dataset.Url, dataset.Sha256, dataset.Size))]));
    }

    private static async Task<IResult> Content(
        string id, int attempt, string sha256, HttpContext context, Caller caller, IArtifactOwner owners, WorkStore store,
        CommitStore commits, BlobStore blobs, CancellationToken stop)
    {
        if (await Run(id, attempt, caller, owners, store, stop) is not var (run, spec))
            return Stale();
        return await commits.Has(run.Tenant, spec.Commit, sha256, stop) is { } size
            && await blobs.Find(run.Tenant, sha256, stop) is not null
            ? await BlobAnswer.Write(context, blobs, run.Tenant, sha256, size, stop)
            : Problem.NotFound("file");
    }

    private static async Task<IResult> Measure(
        string id, int attempt, HttpRequest request, Caller caller, IArtifactOwner owners, WorkStore store, MetricStore metrics,
        CancellationToken stop)
    {
        var batch = await JsonBody.Read<AttemptMetrics>(request);
        batch.Check();
        if (await Run(id, attempt, caller, owners, store, stop) is not var (run, _))
            return Stale();
        await metrics.Add(run.CorrelationId, attempt, batch.Number, batch.Read(), stop);
        return Results.NoContent();
    }

    /// <summary>Null where the attempt is in other hands, or is none of a run.</summary>
    private static async Task<(WorkRow Run, ExperimentSpec Spec)?> Run(
        string id, int attempt, Caller caller, IArtifactOwner owners, WorkStore store, CancellationToken stop) =>
        AgentAddress.IsName(caller.Agent ?? "") && WireId.TryParse(id, out var work)
            && await owners.Expects(work, attempt, caller.Agent!, stop)
            && await store.Find(work, stop) is { Kind: ExperimentSpec.Kind } run
            ? (run, SpecJson.Read<ExperimentSpec>(run.Spec))
            : null;

    private static ProblemResult Stale() => Problem.Conflict(
        "stale_attempt", "This attempt is not in the hands of this agent any more.");
}
