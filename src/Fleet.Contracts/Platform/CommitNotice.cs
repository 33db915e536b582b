namespace Fleet.Contracts.Platform;

/// <summary>
/// Tells the other Control processes that something was committed, so that they look at the tables now and not at
/// their next round. Losing one costs a moment, never an entry.
/// </summary>
/// <param name="From">The process that committed; it has seen this already.</param>
/// <param name="Streams">Journals that grew.</param>
/// <param name="WorkQueued">Whether something became ready for dispatch, or a slot became free.</param>
/// <param name="AgentsChanged">Whether an agent came, went or changed: leases are looked at now.</param>
public sealed record CommitNotice(Guid From, IReadOnlyList<Guid> Streams, bool WorkQueued, bool AgentsChanged = false);
