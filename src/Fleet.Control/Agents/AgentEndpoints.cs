using Fleet.Contracts.Agents;
using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Install;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Agents.Socket;
using Fleet.Control.Agents.Upstreams;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Access.Keys;
using Fleet.Control.Platform.Audit;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Agents;

/// <summary>Registration by agents, what everybody else may see of them, and what operators may do with them.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/v1/agents").WithTags("Agents");
        agents.MapGet("/", List).RequireScope(Scope.AgentsRead).Produces<PageOf<AgentView>>();
        agents.MapGet("/{name}", Show).RequireScope(Scope.AgentsRead).AlsoForAgents().ForWhomItServes().Produces<AgentView>();
        agents.MapGet("/{name}/hellos", Hellos).RequireScope(Scope.AgentsRead).ForWhomItServes().Produces<PageOf<AgentHelloView>>();
        agents.MapAgentReplies();
        agents.MapPut("/{name}", Register).AuditedAs("agent.register").OnlyForAgents().Produces<AgentWelcome>();

        var managed = agents.MapGroup("/{name}").RequireScope(Scope.AgentsManage).ForItsManagers();
        managed.MapPost("/drain", Drain).AuditedAs("agent.drain").Produces<AgentView>();
        managed.MapPost("/resume", Resume).AuditedAs("agent.resume").Produces<AgentView>();
        managed.MapPost("/token", Rotate).AuditedAs("agent.rotate_token").AlsoForAgents().Produces<NewAgentTokenView>(201);
        managed.MapPost("/revocation", Revoke).AuditedAs("agent.revoke").Produces<AgentView>();
        managed.MapDelete("/", Remove).AuditedAs("agent.delete").Produces(204);
        routes.MapAgentEnrolments();
        routes.MapAgentInstaller();
        routes.MapPendingAgents();
        routes.MapHostEnrolment();
        routes.MapAgentSocket();
    }

    private static async Task<IResult> List(
        Page page, AgentQuery query, Caller caller, AgentStore agents, DatabaseClock clock, LeaseSettings settings,
        CancellationToken stop)
    {
        var now = clock.Now;
        var all = query.Wanted.IsEverything; // then the database counts off the page
        var rows = await agents.List(caller, page.After, all ? page.Limit + 1 : int.MaxValue, stop);
        var views = rows.Select(agent => AgentView.Of(agent, now, settings))
            .Where(agent => query.Chooses(agent, now)).Take(page.Limit + 1).ToList();
        return Results.Json(page.Cut(views, agent => agent.Name, agent => agent));
    }

    private static async Task<IResult> Show(
        string name,
        Caller caller,
        AgentStore agents,
        UpstreamStore upstreams,
        DatabaseClock clock,
        LeaseSettings settings,
        CancellationToken stop) =>
        caller.IsOrManages(name) && await agents.Find(name, stop) is { } agent
            ? Results.Json(
                AgentView.Of(agent, clock.Now, settings) with
                {
                    Upstreams = [.. (await upstreams.Of(name, stop)).Select(AgentUpstreamView.Of)],
                })
            : Problem.NotFound("agent");

    private static async Task<IResult> Hellos(
        string name, AgentStore agents, AgentSessions hellos, CancellationToken stop) =>
        await agents.Find(name, stop) is null
            ? Problem.NotFound("agent")
            : TypedResults.Ok(new PageOf<AgentHelloView>(
                [.. (await hellos.List(name, stop)).Select(AgentHelloView.Of)], Next: null));

    /// <summary>An agent process started, or is about to log in to the broker. 503 while the broker is away.</summary>
    private static async Task<IResult> Register(
        string name, Caller caller, HttpRequest request, SessionRegistrar reception, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        var registration = await JsonBody.Read<AgentRegistration>(request);
        return AgentRules.Check(name, registration) is { Count: > 0 } wrong
            ? Problem.Invalid(wrong)
            : await reception.Receive(name, registration, SecretText.OfBearer(request), stop);
    }

    private static Task<IResult> Drain(string name, AgentOperations care, CancellationToken stop) => care.Drain(name, true, stop);

    private static Task<IResult> Resume(string name, AgentOperations care, CancellationToken stop) => care.Drain(name, false, stop);

    private static async Task<IResult> Rotate(
        string name, Caller caller, HttpResponse response, AgentTokens tokens, CancellationToken stop)
    {
        if (!caller.IsOrManages(name))
            return Problem.Forbidden("This token belongs to another agent.");
        if (await tokens.Rotate(name, stop) is not { } token)
            return Problem.NotFound("agent");
        response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/v1/agents/{name}", token);
    }

    private static Task<IResult> Revoke(string name, AgentOperations care, CancellationToken stop) => care.Revoke(name, stop);

    private static async Task<IResult> Remove(string name, AgentOperations care, CancellationToken stop) =>
        await care.Revoke(name, stop) is ProblemResult problem ? problem : TypedResults.NoContent();
}
