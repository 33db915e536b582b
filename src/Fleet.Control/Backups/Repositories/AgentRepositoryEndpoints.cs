using Fleet.Contracts.Backups;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Backups;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Backups.Repositories;

/// <summary>What agents ask and tell of repositories, each with its own token and about itself.</summary>
internal static class AgentRepositoryEndpoints
{
    public static void MapAgentRepositories(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/v1/agents/{name}").WithTags("Agents").OnlyForAgents();
        agents.MapPost("/repository-credentials", Open).AuditedAs("repository.open")
            .Accepts<RepositoryTicket>("application/json").Produces<RepositoryCredentials>();
        agents.MapPut("/repositories/{id}/snapshots", Replace).AuditedAs("repository.list")
            .Accepts<SnapshotsReport>("application/json").Produces(204);
        agents.MapPost("/repositories/{id}/stats", Apply).AuditedAs("repository.measure")
            .Accepts<RepositoryStats>("application/json").Produces(204);
    }

    private static async Task<IResult> Open(
        string name, HttpRequest request, HttpResponse response, Caller caller, IRepositoryAccess access, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        var wanted = await JsonBody.Read<RepositoryTicket>(request);
        response.Headers.CacheControl = "no-store";
        return await access.Open(name, wanted.Ticket, stop) is { } credentials
            ? Results.Json(credentials)
            : Problem.NotFound("ticket");
    }

    private static async Task<IResult> Replace(
        string name, string id, HttpRequest request, Caller caller, IRepositoryInventory inventory, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        var report = await JsonBody.Read<SnapshotsReport>(request);
        return await inventory.Replace(name, id, report, stop) ? Results.NoContent() : Problem.NotFound("repository");
    }

    private static async Task<IResult> Apply(
        string name, string id, HttpRequest request, Caller caller, IRepositoryInventory inventory, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        var patch = await JsonBody.Read<RepositoryStats>(request);
        return await inventory.Apply(name, id, patch, stop) ? Results.NoContent() : Problem.NotFound("repository");
    }
}
