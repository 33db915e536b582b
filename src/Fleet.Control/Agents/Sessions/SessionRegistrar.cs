using Fleet.Contracts.Agents;
using Fleet.Control.Platform.Broker;
using Fleet.Control.Platform.Cluster;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.Http;

namespace Fleet.Control.Agents.Sessions;

/// <summary>
/// Lets an agent's process in: what it speaks and hears through, its login at the broker, and its row. Each step may be
/// repeated.
/// </summary>
internal sealed class SessionRegistrar(
    AgentSessions hellos,
    AgentTopology topology,
    BrokerUsers users,
    LeaseSettings settings,
    AgentSettings agents,
    AgentsChanged changed,
    AgentBudget budget,
    ILogger<SessionRegistrar> logger) : IDisposable
{
    private readonly SemaphoreSlim _places = new(agents.ReceptionsAtOnce);

    /// <summary>Whoever has hung up while waiting for a place is not served any more.</summary>
    public async Task<IResult> Receive(string name, AgentRegistration said, string token, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        try
        {
            return await Serve(name, said, token, stop);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>The same for an agent that this process speaks for at the broker: it has no login there.</summary>
    /// <exception cref="Exception">The broker or the database is away.</exception>
    public async Task<Hello> ReceiveHere(string name, AgentRegistration said, CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        try
        {
            foreach (var former in await users.Holders([name], stop))
                await users.Withdraw(former, stop); // its worker, if it had one, is not to read beside this process
            await topology.DeclareSilent(name, stop);
            var hello = await hellos.Register(name, said, stop);
            if (hello is Hello.New or Hello.Again)
                Tell(name, said);
            return hello;
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<IResult> Serve(string name, AgentRegistration said, string token, CancellationToken stop)
    {
        if (budget.ClosedFor(name) is { Ticks: > 0 } wait)
            return new ProblemResult(429, "agent_floods", "This agent said far more than one may, and is kept out for a while.")
            {
                RetryAfter = wait,
            };
        var hello = await hellos.Look(name, said.Session, stop);
        if (Refusal(hello) is { } unwelcome)
            return unwelcome;
        BrokerLogin? login;
        try
        {
            login = await users.Grant(name, said.Session, token, anew: hello == Hello.New, stop);
            await topology.Declare(name, stop);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            AgentLog.NotReceived(logger, name, failure.Message);
            return Problem.Unavailable("broker_unavailable", "The broker cannot be reached at the moment.");
        }

        if (Refusal(await hellos.Register(name, said, stop)) is { } late)
        {
            await users.Withdraw(name, stop); // it was revoked, or followed by another, in between
            return late;
        }

        Tell(name, said);
        return Results.Json(
            new AgentWelcome(
                name, settings.HeartbeatSeconds, settings.LeaseSeconds, settings.AcceptanceSeconds, login, HearsEvents: true));
    }

    private void Tell(string name, AgentRegistration said)
    {
        AgentLog.Registered(logger, name, said.Session);
        changed.Tell();
    }

    private static ProblemResult? Refusal(Hello hello) => hello switch
    {
        Hello.Unwelcome => Problem.Unauthorized(),
        Hello.Superseded => Problem.Conflict(
            "session_superseded", "Another process of this agent has registered since; this one has to end."),
        _ => null,
    };
}
