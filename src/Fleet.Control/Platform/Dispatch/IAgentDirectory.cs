using Fleet.Contracts.Work;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>An agent that takes work.</summary>
/// <param name="Beat">Number of the session's last beat that is stored; 0 before the first.</param>
/// <param name="Upstreams">Its servers of models, as it told; null where it has none.</param>
/// <param name="Upstream">The one that is given the work at hand.</param>
/// <param name="Tenants">Whose work it takes; null or empty means everybody's.</param>
internal sealed record ReadyAgent(
    string Name,
    Guid Session,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    long Beat = 0,
    IReadOnlyList<ReadyUpstream>? Upstreams = null,
    string? Upstream = null,
    IReadOnlyCollection<string>? Tenants = null)
{
    /// <summary>The event that gives a piece of work to this session.</summary>
    public AssignWork Assignment(Guid work, string kind) => new(work, kind, Name, Session, Beat, Upstream);
}

/// <summary>Knows the agents that are online and take work.</summary>
internal interface IAgentDirectory
{
    Task<IReadOnlyList<ReadyAgent>> Ready(CancellationToken stop);

    Task<IReadOnlyDictionary<string, AgentPresence>> Presence(CancellationToken stop);

    /// <summary>Every agent there is, with what decides whether it may be given work.</summary>
    Task<IReadOnlyList<AgentStanding>> Standing(CancellationToken stop);

    /// <summary>Those that speak at the broker themselves, and are not revoked.</summary>
    Task<IReadOnlyList<string>> OnBus(CancellationToken stop);

    /// <summary>Whether the agent registered this session, and is not revoked.</summary>
    Task<bool> IsSession(string agent, Guid session, CancellationToken stop);
}

/// <summary>Whether an agent may be given work, and if not, why.</summary>
/// <param name="IsOn">Heard within a lease, and not on its way out.</param>
/// <param name="HeardAt">When it was heard last; null if never.</param>
/// <param name="Slots">Empty while it has never come.</param>
/// <param name="Upstreams">Its servers of models, as it told last; null where it told of none.</param>
/// <param name="Tenants">Whose work it takes; null or empty means everybody's.</param>
/// <param name="Host">What it said of its host; empty texts where it has never come.</param>
/// <param name="Run">The present run of its process, or the last; null where it has never come.</param>
internal sealed record AgentStanding(
    string Name,
    bool IsRevoked,
    bool IsOn,
    bool IsDraining,
    DateTimeOffset? HeardAt,
    IReadOnlyDictionary<string, int> Slots,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<ReadyUpstream>? Upstreams = null,
    IReadOnlyCollection<string>? Tenants = null,
    AgentHost? Host = null,
    AgentRun? Run = null)
{
    public bool Serves(string tenant) => Tenants is null or { Count: 0 } || Tenants.Contains(tenant);

    /// <summary>Nobody knows of an agent that has never come what it can do.</summary>
    public bool MayBeAbleTo(string capability) => Slots.Count == 0 || Slots.GetValueOrDefault(capability) > 0;
}

/// <summary>What is known of every agent that ever registered, alive or not.</summary>
/// <param name="Silence">How long its leases have not been renewed.</param>
/// <param name="BeatAt">When the session last said what it has in hand, be it of an earlier session; null if never.</param>
/// <param name="IsClosing">What its last beat does not name never starts there.</param>
/// <param name="InHand">The attempts its last beat named.</param>
internal sealed record AgentPresence(
    string Name,
    Guid Session,
    TimeSpan Silence,
    DateTimeOffset? BeatAt,
    bool IsClosing,
    IReadOnlySet<(Guid Id, int Attempt)> InHand);

/// <summary>One run of an agent's process.</summary>
/// <param name="At">When it came.</param>
internal sealed record AgentRun(Guid Session, DateTimeOffset At);

/// <summary>What an agent says of itself.</summary>
internal sealed record AgentHost(string Name, string Os, string Version);
