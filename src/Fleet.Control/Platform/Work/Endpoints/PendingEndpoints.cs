using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Work.Queue;
using Fleet.Control.Platform.Work.Search;

namespace Fleet.Control.Platform.Work.Endpoints;

/// <summary>What waits for one agent: it is meant by name, or no other has what the work asks for.</summary>
internal static class PendingEndpoints
{
    public static void MapPending(this IEndpointRouteBuilder routes, IWorkFamily family) =>
        routes.MapGet("/v1/agents/{name}/pending", List).WithTags(family.Tag).WithMetadata(new FamilyMetadata(family))
            .RequireScope(family.Scopes.Read).Produces<WorkList<object>>();

    /// <summary>Newest first.</summary>
    private static async Task<IResult> List(
        string name, IWorkFamily family, Page page, Caller caller, WorkAgents agents, WorkStore store, CancellationToken stop)
    {
        if (!await agents.Knows(caller, name, stop))
            return Problem.NotFound("agent");
        return Results.Json(
            await store.List(family, WorkFilter.Is(WorkFields.Pending, name), page, caller, stop));
    }
}
