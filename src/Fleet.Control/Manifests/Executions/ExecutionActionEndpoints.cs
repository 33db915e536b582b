using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Idempotency;

namespace Fleet.Control.Manifests.Executions;

/// <summary>What is done with an execution under way, or with one that left failures.</summary>
internal static class ExecutionActionEndpoints
{
    public static void MapExecutionActions(this IEndpointRouteBuilder executions)
    {
        var one = executions.MapGroup("/{executionId}").RequireScope(Scope.JobsUpdate);
        one.MapPost("/approval", Approve).AuditedAs("execution.approve").Produces<ExecutionView>();
        one.MapPost("/pause", Pause).AuditedAs("execution.pause").Produces<ExecutionView>();
        one.MapPost("/resume", Resume).AuditedAs("execution.resume").Produces<ExecutionView>();
        one.MapPost("/cancellation", Abort).AuditedAs("execution.cancel").Produces<ExecutionView>(202);
        one.MapPost("/agents/{agent}/cancellation", AbortHost).AuditedAs("execution.cancel_agent").Produces<ExecutionView>(202);
        one.MapPost("/rerun", Rerun).AuditedAs("execution.rerun").RequireScope(Scope.JobsCreate).Produces<ExecutionView>(202);
    }

    private static Task<IResult> Approve(
        string executionId, HttpRequest request, Caller caller, ExecutionStore store, ExecutionOperations operations,
        CancellationToken stop) =>
        Do(executionId, request, caller, store, 200, execution => operations.Approve(execution.CorrelationId, caller, stop), stop);

    private static Task<IResult> Pause(
        string executionId, HttpRequest request, Caller caller, ExecutionStore store, ExecutionOperations operations,
        CancellationToken stop) =>
        Do(executionId, request, caller, store, 200, execution => operations.Pause(execution.CorrelationId, caller, stop), stop);

    private static Task<IResult> Resume(
        string executionId, HttpRequest request, Caller caller, ExecutionStore store, ExecutionOperations operations,
        CancellationToken stop) =>
        Do(executionId, request, caller, store, 200, execution => operations.Resume(execution.CorrelationId, stop), stop);

    /// <summary>What runs is ended, what waits never begins. One that is over stays as it is.</summary>
    private static Task<IResult> Abort(
        string executionId, HttpRequest request, Caller caller, ExecutionStore store, ExecutionOperations operations,
        CancellationToken stop) =>
        Do(executionId, request, caller, store, 202,
            execution => operations.Abort(execution.CorrelationId, $"cancelled by {caller.Name}", endRunning: true, stop), stop);

    private static async Task<IResult> AbortHost(
        string executionId, string agent, HttpRequest request, Caller caller, ExecutionStore store, ExecutionOperations operations,
        CancellationToken stop)
    {
        if (await store.Find(executionId, caller, stop) is not { } execution)
            return Problem.NotFound("execution");
        await JsonBody.ReadNothing(request);
        return await operations.AbortHost(execution.CorrelationId, agent, caller.Name, stop)
            ? Results.Json(await store.View((await store.Find(execution.CorrelationId, stop))!, stop), statusCode: 202)
            : Problem.NotFound("agent");
    }

    /// <summary>A new execution of the same revision on those agents on which this one failed.</summary>
    private static async Task<IResult> Rerun(
        string executionId, HttpRequest request, Caller caller, IdempotentWork once, ExecutionStore store, ExecutionOperations operations,
        Reruns reruns, CancellationToken stop)
    {
        if (await store.Find(executionId, caller, stop) is not { } execution)
            return Problem.NotFound("execution");
        await JsonBody.ReadNothing(request);
        var by = Request.Of(request, caller);
        if (await once.Known(by, stop) is { } known)
            return known;
        var plan = await reruns.Plan(execution, stop);
        by = by with { Caller = caller with { Tenant = execution.Tenant } };
        return await operations.Create(by, plan, ExecutionEndpoints.Accepted, stop);
    }

    private static async Task<IResult> Do(
        string executionId, HttpRequest request, Caller caller, ExecutionStore store, int status, Func<Execution, Task> what,
        CancellationToken stop)
    {
        if (await store.Find(executionId, caller, stop) is not { } execution)
            return Problem.NotFound("execution");
        await JsonBody.ReadNothing(request);
        await what(execution);
        return Results.Json(await store.View((await store.Find(execution.CorrelationId, stop))!, stop), statusCode: status);
    }
}
