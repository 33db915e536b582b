using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http.Parameters;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;
using Fleet.Protocol.Ids;
using Microsoft.AspNetCore.Mvc;

namespace Fleet.Control.Manifests.Executions;

/// <summary>Executions over HTTP: asked for, looked at, followed.</summary>
internal static class ExecutionEndpoints
{
    public static void MapExecutions(this IEndpointRouteBuilder routes)
    {
        var executions = routes.MapGroup("/v1/executions").WithTags("Executions").RequireScope(Scope.JobsRead);
        executions.MapPost("/", Create).AuditedAs("execution.create").RequireScope(Scope.JobsCreate)
            .Accepts<ExecutionRequest>("application/json").Produces<ExecutionView>(202);
        executions.MapGet("/", List).Produces<PageOf<ExecutionView>>();
        executions.MapGet("/{executionId}", Show).Produces<ExecutionView>();
        executions.MapGet("/{executionId}/agents", Agents).Produces<PageOf<ExecutionHostView>>();
        executions.MapGet("/{executionId}/events", Watch).EndWithKey();
        executions.MapExecutionActions();
    }

    /// <summary>
    /// With <c>?dry_run=true</c>, 200 with the agents that it would reach and why others are left out; nothing is stored.
    /// </summary>
    private static async Task<IResult> Create(
        HttpRequest request, [FromQuery(Name = "dry_run")] string? dryRun, Caller caller, IdempotentWork once,
        ExecutionPlanner planner, ExecutionOperations operations, Confirmation confirmation, CancellationToken stop)
    {
        JsonBody.RequireJson(request);
        using var body = await BodyBytes.Read(request);
        var isDry = FlagParameter.Read("dry_run", dryRun);
        var by = Request.Of(request, caller, body.Memory);
        if (!isDry && await once.Known(by, stop) is { } known)
            return known;
        var wanted = JsonBody.Parse<ExecutionRequest>(body.Span);
        var plan = await planner.Plan(wanted, caller.Tenant, stop);
        if (isDry)
            return Results.Json(DryRunView.Of(plan, confirmation.TokenFor(plan, caller.Tenant)));
        if (plan.Hosts == 0)
            throw new ProblemException(Problem.Invalid("target", "No agent is reached: a dry run says why each is left out."));
        confirmation.Require(plan, caller.Tenant, wanted.Confirm);
        return await operations.Create(by, plan, Accepted, stop);
    }

    public static Answer Accepted(Execution execution) => new(
        202, Answer.Write(ExecutionView.Of(execution, 0)), $"/v1/executions/{WireId.Format(execution.CorrelationId)}");

    private static async Task<IResult> List(
        string? manifest, string? state, Page page, Caller caller, ExecutionStore store, CancellationToken stop)
    {
        var states = state?.Split(',');
        if (states?.Except(ExecutionStates.All).Any() == true)
            throw new ProblemException(Problem.Invalid("state", $"Use {string.Join(", ", ExecutionStates.All)}."));
        return Results.Json(await store.View(
            page, await store.List(caller, manifest, states, page.AfterId, page.Limit + 1, stop), stop));
    }

    private static async Task<IResult> Show(string executionId, Caller caller, ExecutionStore store, CancellationToken stop) =>
        await store.Find(executionId, caller, stop) is { } execution
            ? Results.Json(await store.View(execution, stop))
            : Problem.NotFound("execution");

    private static async Task<IResult> Agents(
        string executionId, Page page, Caller caller, ExecutionStore store, CancellationToken stop) =>
        await store.Find(executionId, caller, stop) is { } execution
            ? Results.Json(page.Cut(
                await store.Hosts(execution.CorrelationId, page.After, page.Limit + 1, null, stop),
                host => host.Agent, ExecutionHostView.Of))
            : Problem.NotFound("execution");

    private static async Task<IResult> Watch(
        string executionId, HttpContext context, Caller caller, ExecutionStore store, ExecutionStream stream, CancellationToken stop)
    {
        if (await store.Find(executionId, caller, stop) is not { } execution)
            return Problem.NotFound("execution");
        await stream.Write(execution.CorrelationId, context.Response, stop);
        return Results.Empty;
    }
}
