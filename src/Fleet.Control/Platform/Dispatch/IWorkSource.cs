using Fleet.Control.Platform.Persistence;

namespace Fleet.Control.Platform.Dispatch;

/// <summary>Work of one slice that waits in the database for a slot on an agent.</summary>
internal interface IWorkSource
{
    /// <summary>What waits, by lane, and what occupies slots now.</summary>
    Task<WorkSituation> Look(CancellationToken stop);

    /// <summary>The first of each of a lane's shares, as far as their keys let them start.</summary>
    Task<LaneFront> Next(string lane, int most, Func<WorkKeys, bool> mayStart, CancellationToken stop);

    /// <summary>The row that the assignment touches.</summary>
    Touch Touch(Guid id);

    /// <summary>The event that gives the work to an agent's session.</summary>
    object Assignment(Guid id, ReadyAgent agent);
}

/// <param name="Lanes">Distinct demands of what is ready to run.</param>
/// <param name="Held">Slots taken.</param>
internal sealed record WorkSituation(IReadOnlyList<WorkLane> Lanes, IReadOnlyList<HeldSlot> Held);

/// <summary>Everything that waits with the same demands: work in one lane differs in its order only.</summary>
/// <param name="Key">Capability, then the agent or the labels asked for; see <see cref="LaneKey"/>.</param>
/// <param name="Model">The model that an upstream must have; see <see cref="ModelName.Short"/>.</param>
internal sealed record WorkLane(
    string Key, string Capability, string? Agent, IReadOnlyDictionary<string, string> Labels, string? Model = null)
{
    public bool Equals(WorkLane? other) => other?.Key == Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public bool Accepts(ReadyAgent agent) => Accepts(agent.Name, agent.Labels);

    public bool Accepts(string agent, IReadOnlyDictionary<string, string> labels) =>
        (Agent is null || Agent == agent)
        && Labels.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
}

/// <param name="Rank">Lower runs first.</param>
/// <param name="Since">When it was accepted.</param>
internal sealed record WaitingWork(Guid Id, long Rank, WorkKeys Keys, DateTimeOffset Since = default);

/// <summary>What could start next. It is found in bounded time, however much waits.</summary>
/// <param name="IsWhole">Whether all of the lane was seen that could start: with no work then, the lane waits for its
/// keys, not for slots.</param>
internal sealed record LaneFront(IReadOnlyList<WaitingWork> Work, bool IsWhole);
