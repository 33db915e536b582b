using System.Text.Json;
using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Agents;

/// <summary>Registration by agents, and what everybody else may see of them.</summary>
internal static class AgentEndpoints
{
    public static void MapAgents(this IEndpointRouteBuilder routes)
    {
        var agents = routes.MapGroup("/v1/agents").WithTags("Agents");
        agents.MapGet("/", List).RequireScope(Scope.AgentsRead);
        agents.MapGet("/{name}", Show).RequireScope(Scope.AgentsRead);
        agents.MapPut("/{name}", Register).RequireScope(Scope.AgentsRun);
    }

    private static async Task<IResult> List(
        Page page, AgentShelf agents, DatabaseClock clock, LeaseSettings settings, CancellationToken stop)
    {
        var rows = await agents.List(page.After, page.Limit + 1, stop);
        return Results.Json(
            page.Cut(rows, agent => agent.Name, agent => AgentView.Of(agent, clock.Now, settings)), FleetJson.Options);
    }

    private static async Task<IResult> Show(
        string name, AgentShelf agents, DatabaseClock clock, LeaseSettings settings, CancellationToken stop) =>
        await agents.Find(name, stop) is { } agent
            ? Results.Json(AgentView.Of(agent, clock.Now, settings), FleetJson.Options)
            : Problem.NotFound("agent");

    /// <summary>An agent process started, or found its way back to the broker. 503 while the broker is away.</summary>
    private static async Task<IResult> Register(
        string name,
        HttpRequest request,
        AgentShelf agents,
        AgentTopology topology,
        LeaseSettings settings,
        WorkSignal work,
        IEnumerable<ILeaseWatch> leases,
        ILogger<AgentShelf> logger,
        CancellationToken stop)
    {
        var registration = await JsonBody.Read<AgentRegistration>(request);
        if (AgentRules.Check(name, registration) is { Count: > 0 } wrong)
            return Problem.Invalid(wrong);
        try
        {
            await topology.Bind([name], stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            AgentLog.NotBound(logger, failure.Message);
            return Problem.Unavailable("broker_unavailable", "The broker cannot be reached at the moment.");
        }

        await agents.Register(name, registration, stop);
        AgentLog.Registered(logger, name, registration.Session);
        foreach (var watch in leases)
            watch.LookNow();
        work.Set();
        return Results.Json(new AgentWelcome(name, settings.HeartbeatSeconds, settings.LeaseSeconds), FleetJson.Options);
    }
}

/// <summary>An agent as clients see it.</summary>
/// <param name="State"><c>online</c> or <c>offline</c>.</param>
internal sealed record AgentView(
    string Name,
    string State,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    string Version,
    string Hostname,
    string Os,
    string Arch,
    int InHand,
    DateTimeOffset RegisteredAt,
    DateTimeOffset SeenAt)
{
    public static AgentView Of(Agent agent, DateTimeOffset now, LeaseSettings settings) => new(
        agent.Name,
        now - agent.SeenAt < TimeSpan.FromSeconds(settings.OfflineSeconds) ? "online" : "offline",
        JsonSerializer.Deserialize<Dictionary<string, int>>(agent.Slots)!,
        JsonSerializer.Deserialize<Dictionary<string, string>>(agent.Labels)!,
        agent.AgentVersion,
        agent.Hostname,
        agent.Os,
        agent.Arch,
        agent.InHandIds.Length,
        agent.RegisteredAt,
        agent.SeenAt);
}
