namespace Fleet.Control.Platform.Dispatch;

/// <summary>Work that became ready within a unit.</summary>
/// <param name="CreatedAt">With its id, its place in a sequence.</param>
/// <param name="Demand">See <see cref="DemandKey"/>.</param>
/// <param name="Former">
/// The agent that had it last: it may be on its way out, and only a new look at the directory tells.
/// </param>
internal sealed record ReadyWork(
    Guid Id, string Kind, DateTimeOffset CreatedAt, string Demand, WorkKeys Keys, string? Former = null);
