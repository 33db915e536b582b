using Fleet.Control.Jobs.Search;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Jobs;

/// <summary>What waits for one agent: it is meant by name, or no other has what the job asks for.</summary>
internal static class JobPending
{
    /// <summary>Newest first.</summary>
    public static async Task<IResult> List(
        string name, Page page, Caller caller, JobAgents agents, JobShelf shelf, CancellationToken stop)
    {
        var standing = await agents.Standing(stop);
        if (standing.All(agent => agent.Name != name))
            return Problem.NotFound("agent");
        var waiting = new JobQuery(JobFilter.Is(JobFields.Pending, name), null);
        return Results.Json(await shelf.List(waiting, page, caller, stop), FleetJson.Options);
    }
}
