using System.Security.Cryptography;
using System.Text;
using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Dispatch;
using Fleet.Control.Platform.DomainEvents;
using Fleet.Control.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Fleet.Control.Agents;

/// <summary>
/// What receivers are told of agents, in the transaction that makes it so: the agent as <c>/v1/agents</c> shows it then.
/// </summary>
internal sealed class AgentEvents(DomainEventWriters announcer, DatabaseClock clock, LeaseSettings settings)
{
    /// <summary>Another run of its process came.</summary>
    public const string Registered = "registered";

    public const string Online = "online";
    public const string Offline = "offline";
    public const string Draining = "draining";
    public const string Resumed = "resumed";
    public const string Revoked = "revoked";

    private const string Family = "agent";

    public static DomainEventTypes Types { get; } = new(
        Family, [Registered, Online, Offline, Draining, Resumed, Revoked], OfTheFleet: true, Needs: Scope.AgentsRead);

    /// <param name="name">Of an agent whose row the transaction has changed.</param>
    /// <returns>What is to be done once the transaction has committed.</returns>
    public async Task<Action> Tell(FleetDbContext db, string name, string word, CancellationToken stop) => await Tell(
        db, await db.Set<Agent>().AsNoTracking().Where(agent => agent.Name == name).ToListAsync(stop), _ => word, stop);

    /// <returns>What is to be done once the transaction has committed.</returns>
    public Task<Action> Tell(
        FleetDbContext db, IReadOnlyCollection<Agent> agents, Func<Agent, string> word, CancellationToken stop)
    {
        var now = clock.Now;
        return announcer.Owe(
            db,
            [.. agents.Select(agent => new DomainEvent(
                Tenants.Default, $"{Family}.{word(agent)}", IdOf(agent.Name), now, Url: null,
                AgentView.Of(agent, now, settings), ArtifactsAt: null))],
            stop);
    }

    /// <summary>The same for all that is told of one agent, which is told in order.</summary>
    private static Guid IdOf(string agent) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Family}:{agent}")).AsSpan(0, 16), bigEndian: true);
}
