using Fleet.Control.Agents.Enrolment;
using Fleet.Control.Agents.Sessions;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;
using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Agents;

/// <summary>What operators do with agents: stop giving them work, and cut them off.</summary>
internal sealed class AgentOperations(
    AgentStore agents,
    AgentTokens tokens,
    AgentCutOff cutOff,
    SlotLedger slots,
    DatabaseClock clock,
    LeaseSettings settings,
    AgentsChanged changed,
    ILogger<AgentOperations> logger)
{
    public async Task<IResult> Drain(string name, bool draining, CancellationToken stop)
    {
        if (await agents.Drain(name, draining, stop) is not { } agent)
            return Problem.NotFound("agent");
        if (agent.RevokedAt is not null)
            return Problem.Conflict("agent_revoked", "This agent is revoked: it takes no work.");
        if (draining)
            slots.Forget(name);
        AgentLog.Drained(logger, name, draining ? "drains" : "takes work again");
        changed.Tell();
        return View(agent);
    }

    /// <summary>
    /// When this is answered with success, the agent's tokens open nothing, its connections to the broker are closed,
    /// and its work is on its way elsewhere. 503 while the broker cannot be told; its tokens are dead then all the same.
    /// </summary>
    public async Task<IResult> Revoke(string name, CancellationToken stop)
    {
        if (!await tokens.Revoke(name, changed.Tell, stop))
            return Problem.NotFound("agent");
        slots.Forget(name);
        changed.Tell();
        AgentLog.Revoked(logger, name);
        try
        {
            await cutOff.Run(name, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            AgentLog.NotCutOff(logger, name, failure.Message);
            return Problem.Unavailable(
                "broker_unavailable", "The agent is revoked, but the broker could not be told. Ask again to make sure.");
        }

        changed.Tell(); // what was assigned in the very moment is found too
        return View((await agents.Find(name, stop))!);
    }

    private IResult View(Agent agent) => Results.Json(AgentView.Of(agent, clock.Now, settings));
}
