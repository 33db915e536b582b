namespace Fleet.Control.Platform.Dispatch;

/// <summary>Work that became ready within a unit.</summary>
/// <param name="Lane">Its demands, see <see cref="LaneKey"/>.</param>
/// <param name="Assignment">The event that gives it to an agent's session.</param>
/// <param name="Former">
/// The agent that had it last: it may be on its way out, and only a new look at the directory tells.
/// </param>
internal sealed record ReadyWork(
    Guid Id, string Lane, WorkKeys Keys, Func<ReadyAgent, object> Assignment, string? Former = null);
