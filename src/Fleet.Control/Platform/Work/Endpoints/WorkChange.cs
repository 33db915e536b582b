using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Lifecycles;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>What may be changed of work: <c>PATCH /v1/jobs/{id}</c>. What is not given stays.</summary>
internal sealed class WorkChange
{
    /// <summary>0 (last) to 9 (first), while the work has not finished.</summary>
    public int? Priority { get; init; }

    /// <summary>Labels to set; those with null are removed, and others stay.</summary>
    public Dictionary<string, string?>? Labels { get; init; }

    public static async Task<IResult> Apply(
        string id, HttpRequest request, IWorkFamily family, Caller caller, WorkStore store, WorkOperations operations,
        CancellationToken stop)
    {
        if (await store.Find(family, id, caller, stop) is not { } work)
            return Problem.NotFound(family.Name);
        var wanted = await JsonBody.Read<WorkChange>(request);
        wanted.Check();
        await operations.Change(work, wanted.Priority, wanted.Labels, caller);
        return await store.Find(family, work.CorrelationId, stop) is { } changed
            ? Results.Json(await store.View(changed, stop))
            : Problem.NotFound(family.Name);
    }

    private void Check()
    {
        if (Priority is < 0 or > 9)
            throw new ProblemException(Problem.Invalid("priority", "This must be a whole number from 0 to 9."));
        if (WorkLabels.Check(Labels) is { } sentence)
            throw new ProblemException(Problem.Invalid("labels", sentence));
    }
}
