namespace Fleet.Control.Platform.Dispatch;

/// <summary>Work that became ready within a unit.</summary>
/// <param name="Lane">Its demands, see <see cref="LaneKey"/>.</param>
/// <param name="Assignment">The event that gives it to an agent's session.</param>
internal sealed record ReadyWork(Guid Id, string Lane, WorkKeys Keys, Func<ReadyAgent, object> Assignment);
