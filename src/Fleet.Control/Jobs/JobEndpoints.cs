using Fleet.Contracts.Work;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Experiments;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Models;
using Fleet.Control.Platform.Persistence;
using Fleet.Control.Platform.Work;
using Fleet.Control.Platform.Work.Endpoints;
using Fleet.Control.Platform.Work.Explain;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Jobs;

/// <summary>How jobs are submitted over HTTP; everything else about them is as with all work.</summary>
internal static class JobEndpoints
{
    public static void MapJobSubmission(this IEndpointRouteBuilder jobs) =>
        jobs.MapPost("/", Submit).AuditedAs("job.submit").RequireScope(Scope.JobsCreate)
            .Accepts<JobRequest>("application/json").Produces<JobView>(202);

    /// <summary>With <c>?dry_run=true</c>, 200 with what would become of it, and nothing is stored.</summary>
    private static async Task<IResult> Submit(
        HttpRequest request,
        [FromQuery(Name = "dry_run")] string? dryRun,
        IWorkFamily family,
        Caller caller,
        WorkOperations operations,
        JobRequests reader,
        ModelLookup models,
        ExperimentLookup experiments,
        WorkExplainer explainer,
        DatabaseClock clock,
        CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var requests = JsonBody.ParseOneOrMany<JobRequest>(body.Span);
        var jobs = reader.Read(requests, caller.Tenant, clock.Now, caller.Name);
        await experiments.Check(jobs, requests.IsList, stop);
        if (FlagParameter.Read("dry_run", dryRun))
            return await Foresee(jobs, requests.IsList, explainer, stop);
        await models.LookFor(jobs, stop);
        return await operations.Submit(
            Request.Of(request, caller, body.Memory), jobs, rows => family.Accepted(rows, requests.IsList), stop);
    }

    private static async Task<IResult> Foresee(
        IReadOnlyList<SubmitWork> jobs, bool isList, WorkExplainer explainer, CancellationToken stop)
    {
        var views = new List<WorkExplanationView>(jobs.Count);
        foreach (var job in jobs)
            views.Add(await explainer.Foresee(job, stop));
        return isList
            ? Results.Json(new PageOf<WorkExplanationView>(views, null))
            : Results.Json(views[0]);
    }
}
