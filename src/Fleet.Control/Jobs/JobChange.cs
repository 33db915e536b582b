using Fleet.Contracts.Jobs;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Jobs;

/// <summary>What may be changed of a job: <c>PATCH /v1/jobs/{id}</c>. What is not given stays.</summary>
internal sealed class JobChange
{
    /// <summary>0 (last) to 9 (first), while the job has not finished.</summary>
    public int? Priority { get; init; }

    /// <summary>Labels to set; those with null are removed, and others stay.</summary>
    public Dictionary<string, string?>? Labels { get; init; }

    public static async Task<IResult> Apply(
        string jobId, HttpRequest request, Caller caller, JobShelf shelf, GroupCommit commits, CancellationToken stop)
    {
        if (await shelf.Find(jobId, caller, stop) is not { } job)
            return Problem.NotFound("job");
        var wanted = await JsonBody.Read<JobChange>(request);
        wanted.Check();
        IResult? refused = null;
        await commits.Run([Touch.Of<Job>(job.CorrelationId)], async unit =>
        {
            refused = null;
            if (await unit.Find<Job>(job.CorrelationId) is { } row)
                refused = await wanted.Apply(row, caller.Name, unit);
        });
        if (refused is not null)
            return refused;
        return await shelf.Find(job.CorrelationId, stop) is { } changed
            ? Results.Json(await shelf.View(changed, stop), FleetJson.Options)
            : Problem.NotFound("job");
    }

    private void Check()
    {
        if (Priority is < 0 or > 9)
            throw new ProblemException(Problem.Invalid("priority", "This must be a whole number from 0 to 9."));
        if (JobLabels.Check(Labels) is { } sentence)
            throw new ProblemException(Problem.Invalid("labels", sentence));
    }

    /// <summary>All of it, or the reason why not.</summary>
    private async Task<IResult?> Apply(Job row, string by, Unit unit)
    {
        if (Priority is not null && JobWords.IsTerminal(row.State))
            return Problem.Conflict("finished", "The job has finished: it waits for nothing any more.");
        var relabel = Labels is null ? null : row.Relabel(Labels, by);
        if (relabel is not null && !row.HasRoomFor(relabel))
            return Problem.Conflict("too_many_labels", $"A job has at most {JobLabels.Most} labels.");
        if (relabel is not null)
            await unit.Raise(relabel);
        if (Priority is { } priority && priority != row.Priority)
            await unit.Raise(new ReprioritiseJob(row.CorrelationId, priority, by));
        return null;
    }
}
