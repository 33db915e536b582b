using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Jobs;

/// <summary>What becomes of a finished job: it goes now, or stays until somebody lets it go.</summary>
internal static class JobRemovalEndpoints
{
    /// <summary>A job with so much behind it that this is not enough is gone at once, and what it left soon after.</summary>
    private static readonly TimeSpan LongestErasure = TimeSpan.FromSeconds(2);

    public static void MapJobRemoval(this IEndpointRouteBuilder jobs)
    {
        jobs.MapDelete("/{jobId}", Remove).AuditedAs("job.delete").RequireScope(Scope.JobsUpdate).Produces(204);
        jobs.MapPost("/{jobId}/hold", Hold).AuditedAs("job.hold").RequireScope(Scope.JobsUpdate).Produces<JobView>();
        jobs.MapPost("/{jobId}/release", Release).AuditedAs("job.release").RequireScope(Scope.JobsUpdate).Produces<JobView>();
    }

    /// <summary>204 when it is gone: it does not exist for anybody any more.</summary>
    private static async Task<IResult> Remove(
        string jobId, Caller caller, JobShelf shelf, JobRemoval removal, CancellationToken stop)
    {
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        var taken = await removal.TakeOut([job.CorrelationId], stop);
        if (taken.Length == 0)
            return await WhyNot(job, shelf, removal, stop);
        using var enough = new CancellationTokenSource(LongestErasure);
        try
        {
            await removal.Erase(taken, enough.Token);
        }
        catch (Exception left) when (left is OperationCanceledException || DatabaseFailure.IsPassing(left))
        {
            // it is written down, and goes without anybody waiting for it
        }

        return TypedResults.NoContent();
    }

    private static async Task<IResult> WhyNot(Job job, JobShelf shelf, JobRemoval removal, CancellationToken stop)
    {
        var now = await shelf.Find(job.CorrelationId, stop);
        if (now is null)
            return Problem.NotFound("job");
        if (!JobWords.IsTerminal(now.State))
            return Problem.Conflict("not_finished", "The job has not finished: cancel it first, or wait for its end.");
        if (now.Held)
            return Problem.Conflict("held", "The job is held: release it first.");
        return (await removal.Owed([now.CorrelationId], stop)).Count > 0
            ? Problem.Conflict(
                "deliveries_owed",
                "A webhook about the job has not been delivered yet: wait until it is, or is given up, or disable its endpoint.")
            : Problem.Unavailable("changing", "The job is just being changed.");
    }

    private static Task<IResult> Hold(
        string jobId, Caller caller, JobShelf shelf, GroupCommit commits, CancellationToken stop) =>
        Set(jobId, true, caller, shelf, commits, stop);

    private static Task<IResult> Release(
        string jobId, Caller caller, JobShelf shelf, GroupCommit commits, CancellationToken stop) =>
        Set(jobId, false, caller, shelf, commits, stop);

    /// <summary>In any state; what is so already stays so.</summary>
    private static async Task<IResult> Set(
        string jobId, bool held, Caller caller, JobShelf shelf, GroupCommit commits, CancellationToken stop)
    {
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        if (job.Held != held)
        {
            await commits.Run([Touch.Of<Job>(job.CorrelationId)], async unit =>
            {
                if (await unit.Find<Job>(job.CorrelationId) is not { } row)
                    return;
                row.Held = held;
                unit.Change(row);
            });
            job = await shelf.Find(job.CorrelationId, stop);
        }

        return job is null ? Problem.NotFound("job") : Results.Json(await shelf.View(job, stop), FleetJson.Options);
    }
}
