using System.Globalization;
using System.Text.Json;
using Fleet.Contracts.Jobs;
using Fleet.Control.Jobs.Bulk;
using Fleet.Control.Jobs.Retention;
using Fleet.Control.Jobs.Views;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Control.Platform.Journal;
using Fleet.Control.Platform.Persistence;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Jobs;

/// <summary>Jobs over HTTP: submit, list, show, cancel, retry, watch.</summary>
internal static class JobEndpoints
{
    private const double LongestWait = 60;

    public static void MapJobs(this IEndpointRouteBuilder routes)
    {
        var jobs = routes.MapGroup("/v1/jobs").WithTags("Jobs");
        jobs.MapPost("/", Submit).AuditedAs("job.submit").RequireScope(Scope.JobsCreate)
            .Accepts<JobRequest>("application/json").Produces<JobView>(202);
        jobs.MapGet("/", List).RequireScope(Scope.JobsRead).Produces<JobList>();
        jobs.MapGet("/{jobId}", Show).RequireScope(Scope.JobsRead).Produces<JobView>();
        jobs.MapPatch("/{jobId}", JobChange.Apply).AuditedAs("job.change").RequireScope(Scope.JobsUpdate)
            .Accepts<JobChange>("application/json").Produces<JobView>();
        jobs.MapPost("/{jobId}/cancellation", Cancel).AuditedAs("job.cancel").RequireScope(Scope.JobsUpdate).Produces<JobView>(202);
        jobs.MapPost("/{jobId}/retry", Retry).AuditedAs("job.retry").RequireScope(Scope.JobsCreate).Produces<JobView>(202);
        jobs.MapGet("/{jobId}/explain", Explain).RequireScope(Scope.JobsRead).Produces<JobExplanationView>();
        jobs.MapGet("/{jobId}/events", JobStream.Watch).RequireScope(Scope.JobsRead).EndWithKey();
        jobs.MapGet("/{jobId}/log", JobLogText.Read).RequireScope(Scope.JobsRead).EndWithKey();
        jobs.MapJobRemoval();
        routes.MapRetention();
        routes.MapGet("/v1/agents/{name}/pending", JobPending.List).WithTags("Jobs")
            .RequireScope(Scope.JobsRead).Produces<JobList>();
        routes.MapViews();
        routes.MapBulk();
    }

    /// <summary>With <c>?dry_run=true</c>, 200 with what would become of it, and nothing is stored.</summary>
    private static async Task<IResult> Submit(
        HttpRequest request,
        [FromQuery(Name = "dry_run")] string? dryRun,
        Caller caller,
        IdempotentWork once,
        JobAgents agents,
        JobModels models,
        JobExplainer explainer,
        DatabaseClock clock,
        CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var requests = JsonBody.ParseOneOrMany<JobRequest>(body.Span);
        var jobs = JobSubmissions.Read(requests, caller.Tenant, clock.Now);
        if (ReadDryRun(dryRun))
            return await Foresee(jobs, requests.IsList, explainer, stop);
        await models.LookFor(jobs, stop);
        var skipped = await agents.Skipped(jobs, stop);
        return await once.Run(
            request, caller, body.Memory, Touches(jobs), unit => Accept(unit, jobs, skipped, requests.IsList));
    }

    private static async Task<IResult> Foresee(
        IReadOnlyList<SubmitJob> jobs, bool isList, JobExplainer explainer, CancellationToken stop)
    {
        var views = new List<JobExplanationView>(jobs.Count);
        foreach (var job in jobs)
            views.Add(await explainer.Foresee(job, stop));
        return isList
            ? Results.Json(new PageOf<JobExplanationView>(views, null), FleetJson.Options)
            : Results.Json(views[0], FleetJson.Options);
    }

    private static async Task<IResult> Explain(
        string jobId, Caller caller, JobShelf shelf, JobExplainer explainer, CancellationToken stop) =>
        await shelf.Find(jobId, caller, stop) is { } job
            ? Results.Json(await explainer.Explain(job, stop), FleetJson.Options)
            : Problem.NotFound("job");

    private static async Task<IResult> List(
        HttpRequest request, Page page, Caller caller, JobShelf shelf, JobFilters filters, CancellationToken stop)
    {
        var query = await filters.Resolve(JobQuery.Of(request.Query), caller, stop);
        return Results.Json(await shelf.List(query, page, caller, stop), FleetJson.Options);
    }

    private static async Task<IResult> Show(
        string jobId, string? wait, Caller caller, JobShelf shelf, JournalFeed feed, CancellationToken stop)
    {
        var seconds = ReadWait(wait);
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        if (seconds > 0 && !JobWords.IsTerminal(job.State))
        {
            await WaitForEnd(feed, job, TimeSpan.FromSeconds(seconds), stop);
            job = await shelf.Find(job.CorrelationId, stop);
            if (job is null)
                return Problem.NotFound("job");
        }

        return Results.Json(await shelf.View(job, stop), FleetJson.Options);
    }

    /// <summary>202 when the job is asked to end, 200 when it has ended already.</summary>
    private static async Task<IResult> Cancel(
        string jobId, Caller caller, JobShelf shelf, GroupCommit commits, CancellationToken stop)
    {
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        var before = job.State;
        await commits.Run([Touch.Of<Job>(job.CorrelationId)], async unit =>
        {
            before = (await unit.Find<Job>(job.CorrelationId))?.State ?? before;
            await unit.Raise(new CancelJob(job.CorrelationId, caller.Name));
        });
        job = await shelf.Find(job.CorrelationId, stop) ?? job;
        return Results.Json(
            await shelf.View(job, stop), FleetJson.Options, statusCode: JobWords.IsTerminal(before) ? 200 : 202);
    }

    /// <summary>A new job that repeats a finished one.</summary>
    private static async Task<IResult> Retry(
        string jobId,
        HttpRequest request,
        Caller caller,
        JobShelf shelf,
        JobAgents agents,
        IdempotentWork once,
        CancellationToken stop)
    {
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        if (!JobWords.IsTerminal(job.State))
            return Problem.Conflict("not_finished", "The job has not finished: cancel it first, or wait for its end.");
        SubmitJob[] again = [job.Again()];
        var skipped = await agents.Skipped(again, stop);
        return await once.Run(
            request, caller, default, Touches(again), unit => Accept(unit, again, skipped, isList: false));
    }

    private static Touch[] Touches(IReadOnlyList<SubmitJob> jobs) => [.. jobs.Select(job => Touch.New<Job>(job.JobId))];

    private static async Task<Answer> Accept(
        Unit unit, IReadOnlyList<SubmitJob> jobs, IReadOnlySet<Guid> skipped, bool isList)
    {
        foreach (var job in jobs)
        {
            await unit.Raise(job);
            if (skipped.Contains(job.JobId))
                await unit.Raise(new SkipJob(job.JobId));
        }

        var views = new List<JobView>(jobs.Count);
        foreach (var job in jobs)
            views.Add(JobView.Of((await unit.Find<Job>(job.JobId))!, []));
        return isList
            ? new Answer(202, JsonSerializer.Serialize(new PageOf<JobView>(views, null), FleetJson.Options))
            : new Answer(202, JsonSerializer.Serialize(views[0], FleetJson.Options), JobLinks.Self(views[0].JobId));
    }

    private static bool ReadDryRun(string? dryRun) => dryRun switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new ProblemException(Problem.Invalid("dry_run", "This is true or false.")),
    };

    private static double ReadWait(string? wait) =>
        wait is null ? 0
        : double.TryParse(wait, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and <= LongestWait
            ? seconds
            : throw new ProblemException(Problem.Invalid("wait", $"This is a number of seconds from 0 to {LongestWait}."));

    private static async Task WaitForEnd(JournalFeed feed, Job job, TimeSpan atMost, CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(atMost);
        try
        {
            await foreach (var _ in feed.Follow(job.CorrelationId, job.JournalSeq, atMost, enough.Token))
            {
                // the stream ends with the job
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // the caller sees how far it is
        }
    }
}
