using Fleet.Control.Platform.Access;
using Fleet.Control.Platform.Models;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>
/// Everything of one kind that waits with the same demands: what is in one class differs in its order only, and is
/// compared with other classes by share and rank.
/// </summary>
/// <param name="Key">Kind and capability, then the agent or the labels asked for; see <see cref="DemandKey"/>.</param>
/// <param name="Kind">The kind of its work.</param>
/// <param name="Capability">What an agent needs slots of.</param>
/// <param name="Model">The model that an upstream must have; see <see cref="ModelName.Short"/>. Empty where any will do that
/// <paramref name="Place"/> has.</param>
/// <param name="Place">Which upstreams come into question; see <see cref="UpstreamPlace"/>. Null means all.</param>
/// <param name="Tenant">Whose work it is.</param>
internal sealed record DemandClass(
    string Key,
    string Kind,
    string Capability,
    string? Agent,
    IReadOnlyDictionary<string, string> Labels,
    string? Model = null,
    string? Place = null,
    string Tenant = Tenants.Default)
{
    public bool Equals(DemandClass? other) => other?.Key == Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public bool Accepts(ReadyAgent agent) => IsServedBy(agent.Tenants) && Fits(agent.Name, agent.Labels);

    public bool Accepts(AgentStanding agent) => IsServedBy(agent.Tenants) && Fits(agent.Name, agent.Labels);

    /// <param name="tenants">Whom an agent serves; null or empty means everybody.</param>
    public bool IsServedBy(IReadOnlyCollection<string>? tenants) => tenants is null or { Count: 0 } || tenants.Contains(Tenant);

    private bool Fits(string agent, IReadOnlyDictionary<string, string> labels) =>
        (Agent is null || Agent == agent)
        && Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
}

/// <param name="Rank">Lower runs first.</param>
/// <param name="Since">When it was accepted.</param>
internal sealed record WaitingWork(Guid Id, long Rank, WorkKeys Keys, DateTimeOffset Since = default);

/// <summary>What could start next. It is found in bounded time, however much waits.</summary>
/// <param name="IsWhole">Whether all of the class was seen that could start: with no work then, it waits for its keys, not
/// for slots.</param>
internal sealed record DemandFront(IReadOnlyList<WaitingWork> Work, bool IsWhole);

/// <param name="Demands">What is ready to run, as far as its demands differ.</param>
/// <param name="Held">Slots taken.</param>
/// <param name="Alone">By concurrency key, what waits to have it alone.</param>
internal sealed record WorkSituation(
    IReadOnlyList<DemandClass> Demands, IReadOnlyList<HeldSlot> Held, ILookup<Guid, AloneWork> Alone);

/// <summary>Work that wants to have its concurrency key alone.</summary>
/// <param name="Since">When it was accepted.</param>
internal sealed record AloneWork(long Rank, Guid Id, DemandClass Demand, DateTimeOffset Since)
{
    /// <summary>Whether it has waited long enough to keep later work of its key waiting although its agents have no slot free.</summary>
    public bool IsOverdue(DispatchSettings settings, DateTimeOffset now) =>
        now - Since > TimeSpan.FromSeconds(settings.AlonePatienceSeconds);
}
