using Fleet.Control.Backups.Repositories;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Backups.SourceGroups;

/// <summary>Source groups over HTTP.</summary>
internal static class SourceGroupEndpoints
{
    public static void MapSourceGroups(this IEndpointRouteBuilder routes)
    {
        var read = routes.MapGroup("/v1/source-groups").WithTags("Source groups").RequireScope(Scope.BackupsRead);
        read.MapGet("/", List).Produces<PageOf<SourceGroupView>>();
        read.MapGet("/{id}", Show).Produces<SourceGroupView>();
        var managed = routes.MapGroup("/v1/source-groups").WithTags("Source groups").RequireScope(Scope.BackupsManage);
        managed.MapPost("/", Create).AuditedAs("source_group.create")
            .Accepts<SourceGroupRequest>("application/json").Produces<SourceGroupView>(201);
        managed.MapPut("/{id}", Replace).AuditedAs("source_group.change")
            .Accepts<SourceGroupRequest>("application/json").Produces<SourceGroupView>();
        managed.MapDelete("/{id}", Remove).AuditedAs("source_group.delete").Produces(204);
    }

    private static async Task<IResult> Create(
        HttpRequest request, Caller caller, IdempotentChange once, SourceGroupStore store, RepositoryStore repositories,
        IAgentDirectory agents, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var (wanted, repository) = await Read(body.Span.ToArray(), caller, repositories, agents, stop);
        return await once.Run(request, caller, body.Memory, async db =>
        {
            var view = await store.Add(db, wanted, repository, caller, stop);
            return Answer.Created(SourceGroupView.PathOf(view.SourceGroupId), view);
        }, stop);
    }

    private static async Task<IResult> List(
        string? agent, Page page, Caller caller, SourceGroupStore store, CancellationToken stop) =>
        Results.Json(await store.List(page, agent, caller, stop));

    private static async Task<IResult> Show(string id, Caller caller, SourceGroupStore store, CancellationToken stop) =>
        await store.Find(id, caller.Tenant, stop) is { } row
            ? Results.Json(await store.View(row, stop))
            : Problem.NotFound("source group");

    private static async Task<IResult> Replace(
        string id, HttpRequest request, Caller caller, SourceGroupStore store, RepositoryStore repositories, IAgentDirectory agents,
        CancellationToken stop)
    {
        if (await store.Find(id, caller.Tenant, stop) is not { } row)
            return Problem.NotFound("source group");
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var (wanted, repository) = await Read(body.Span.ToArray(), caller, repositories, agents, stop);
        return await store.Replace(row.Id, wanted, repository, stop) is { } view
            ? Results.Json(view)
            : Problem.NotFound("source group");
    }

    private static async Task<IResult> Remove(string id, Caller caller, SourceGroupStore store, CancellationToken stop)
    {
        if (await store.Find(id, caller.Tenant, stop) is not { } row)
            return Problem.NotFound("source group");
        await store.Remove(row.Id, stop);
        return Results.NoContent();
    }

    /// <summary>What it names must be there.</summary>
    private static async Task<(SourceGroupRequest Wanted, Repository Repository)> Read(
        byte[] body, Caller caller, RepositoryStore repositories, IAgentDirectory agents, CancellationToken stop)
    {
        var wanted = JsonBody.Parse<SourceGroupRequest>(body);
        SourceGroupRules.Check(wanted);
        if (await repositories.Find(wanted.Repository, caller.Tenant, stop) is not { } repository)
            throw new ProblemException(Problem.Invalid("repository", "There is no repository of this id or name."));
        if (!(await agents.Standing(stop)).Any(agent => agent.Name == wanted.Agent && !agent.IsRevoked))
            throw new ProblemException(Problem.Invalid("agent", "There is no agent of this name."));
        return (wanted, repository);
    }
}
