using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Agents;

/// <summary>Lets routes of one agent through only for those for whom it exists, or who may decide about it.</summary>
internal static class AgentReach
{
    /// <summary>For the others there is no such agent.</summary>
    public static TBuilder ForWhomItServes<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter((context, next) => Pass(context, next, (agent, caller) => agent.IsSeenBy(caller)));

    /// <summary>For the others there is no such agent, or it is not theirs.</summary>
    public static TBuilder ForItsManagers<TBuilder>(this TBuilder routes) where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter((context, next) => Pass(context, next, (agent, caller) => agent.IsManagedBy(caller)));

    private static async ValueTask<object?> Pass(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, Func<Agent, Caller, bool> isReached)
    {
        var http = context.HttpContext;
        var caller = Caller.Of(http);
        if (caller.Tenant == Tenants.Default && caller.Agent is null)
            return await next(context);
        var agents = http.RequestServices.GetRequiredService<AgentStore>();
        if (await agents.Find((string)http.GetRouteValue("name")!, http.RequestAborted) is not { } agent || !agent.IsSeenBy(caller))
            return caller.Agent is null ? Problem.NotFound("agent") : await next(context);
        return isReached(agent, caller)
            ? await next(context)
            : Problem.Forbidden("This agent serves other tenants too; only keys of the default tenant decide about it.");
    }
}
